import t from 'tap'
import { requireApache } from '../../integration/deployment.ts'
import { ways } from '../../integration/ways.ts'
import { apachePasses, isCgi } from './passes.ts'

for (const way of requireApache(t) ? ways : []) {
  if (isCgi(way)) t.test(`Apache passes: ${way.name}`, t => apachePasses(t, way))
}
