import fs from 'node:fs'
import path from 'node:path'
import { renderSite, type Site, shippedFile } from '../../apache/site.ts'
import type { Terminal } from '../terminal/command.ts'

/** A site's block, made from the shipped file of its way, as this project's folder has it. */
export function siteText(site: Site, { directory }: Pick<Terminal, 'directory'>): string {
  return renderSite(fs.readFileSync(path.join(directory, 'apache', shippedFile(site.way, site.windows)), 'utf8'), site)
}
