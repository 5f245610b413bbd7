import path from 'node:path'
import t from 'tap'
import { createHttpFront } from '../../../src/gateway/http.ts'
import { createLogger } from '../../../src/log.ts'
import { createScriptWire, createUrlWire } from '../../../src/simulator/conformance/wire.ts'
import { type Deployment, deploy, requireApache } from '../../integration/deployment.ts'
import { ways } from '../../integration/ways.ts'
import { apachePasses, CONFIG, isCgi, PATIENCE, passes } from './passes.ts'

const script = ({ directory }: Deployment) => path.join(directory, 'cgi-bin', 'weixin')

t.test('the script by pipe passes', async t => {
  const environment = { PATH: process.env['PATH'] }
  await passes(t, createScriptWire(script(deploy(t, CONFIG)), environment, PATIENCE), { lasting: false, all: true })
})

t.test('the small HTTP front passes', async t => {
  const front = await createHttpFront({
    script: script(deploy(t, CONFIG)),
    nodePath: process.execPath,
    environment: { PATH: process.env['PATH'] },
    port: 0,
    log: createLogger(() => {}),
  })
  t.teardown(() => front.close())
  await passes(t, createUrlWire(new URL(front.url), PATIENCE), { lasting: false })
})

for (const way of requireApache(t) ? ways : []) {
  if (!isCgi(way)) t.test(`Apache passes: ${way.name}`, t => apachePasses(t, way))
}
