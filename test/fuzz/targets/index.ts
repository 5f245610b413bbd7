import type { Target } from '../target.ts'
import { config } from './config.ts'
import { envelope } from './envelope.ts'
import { environment } from './environment.ts'
import { query } from './query.ts'
import { records } from './records.ts'
import { rules } from './rules.ts'
import { xml } from './xml.ts'

/** Everything that takes bytes from outside. */
export const targets: readonly Target[] = [records, environment, query, xml, envelope, config, rules]
