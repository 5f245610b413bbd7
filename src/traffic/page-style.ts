/** How the report looks, in WeChat's green, by day and by night and on paper. */
export const STYLE = `
:root { --ground: #ededed; --sheet: #fff; --ink: #1a1a1a; --soft: #5e5e5e; --line: #e2e2e2;
  --good: #067d41; --heat: #07a651; --bad: #c8221c; --weak: #8a5a00; --track: #f3f3f3 }
@media (prefers-color-scheme: dark) { :root { --ground: #111; --sheet: #1e1e1e; --ink: #e6e6e6; --soft: #a3a3a3;
  --line: #383838; --good: #3fd18a; --heat: #2fd07f; --bad: #ff7a70; --weak: #f0b64a; --track: #2a2a2a } }
main { max-width: 64rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.6rem; margin: .25rem 0 }
h2 { font-size: 1.15rem; margin: 0 0 .75rem }
h3 { font-size: 1rem; margin: 1.25rem 0 .5rem }
p { margin: .5rem 0 }
.soft, .note { color: var(--soft) }
.note { font-size: .9em }
section { background: var(--sheet); border-radius: .75rem; padding: 1.1rem 1.25rem; margin: 1rem 0 }
.tiles { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; margin: 1.25rem 0 0; padding: 0 }
.tiles div { background: var(--sheet); border-radius: .75rem; padding: .8rem 1rem }
.tiles dt { color: var(--soft); font-size: .9em }
.tiles dd { margin: 0; font-size: 1.75rem; font-weight: 600; line-height: 1.25; font-variant-numeric: tabular-nums; white-space: nowrap }
.tiles .good dd { color: var(--good) }
.tiles .bad dd { color: var(--bad) }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 0 1rem }
.pair section { margin-bottom: 0 }
.heat { display: grid; grid-template-columns: auto repeat(24, minmax(0, 1fr)) minmax(3.5rem, 9rem); gap: 2px;
  font-size: .75rem; line-height: 1; font-variant-numeric: tabular-nums; align-items: center }
.heat b { font-weight: 400; color: var(--soft); white-space: nowrap; width: 0; padding-bottom: .2rem }
.heat i, .scale i { display: block; height: 1rem; border-radius: 3px;
  background: color-mix(in srgb, var(--heat) calc(var(--v) * 100%), var(--track)) }
.heat u { align-self: start; display: block; text-decoration: none; margin-top: .3rem; height: calc(2.25rem * var(--v));
  min-height: 1px; background: var(--good); opacity: .55; border-radius: 2px }
.heat .day { padding-right: .45rem; color: var(--soft); text-align: right }
.heat .weekend { color: var(--ink); font-weight: 600 }
.heat .sum { padding: .15rem 0 .15rem .35rem; margin-left: .35rem; border-radius: 3px;
  background: linear-gradient(color-mix(in srgb, var(--heat) 28%, var(--sheet)) 0 0) no-repeat 0 / calc(var(--v) * 100%) 100% }
.scale { display: flex; align-items: center; gap: .35rem; font-size: .85rem; color: var(--soft); margin: .75rem 0 0; flex-wrap: wrap }
.scale i { width: 1.25rem; height: .9rem }
.bars { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: minmax(4rem, auto) 1fr auto; gap: .45rem .75rem }
.bars li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center }
.bars .name { overflow-wrap: anywhere; max-width: 15rem }
.bars code { color: var(--soft); font-size: .8em }
.bars .track { background: var(--track); border-radius: 4px; height: .8rem }
.bars .track i { display: block; height: 100%; width: max(3px, calc(var(--v) * 100%)); background: var(--heat); border-radius: 4px }
.bars .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
.bad .track i { background: var(--bad) }
figure { margin: 0 }
figcaption { color: var(--soft); font-size: .9em; margin-top: .5rem }
svg { width: 100%; height: auto; display: block }
svg text { fill: var(--soft); font-size: 13px; paint-order: stroke; stroke: var(--sheet); stroke-width: 4px }
svg .grid { stroke: var(--line) }
svg .bar { fill: var(--heat) }
svg .late { fill: var(--bad) }
svg circle { stroke: var(--sheet) }
svg .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 3 }
svg .mark-name { fill: var(--ink) }
svg .limit { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4 }
svg .limit-name { fill: var(--bad); font-weight: 600 }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere }
th { color: var(--soft); font-weight: 400; font-size: .9em }
tr:last-child td { border-bottom: 0 }
td:last-child, th:last-child { padding-right: 0 }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
td.when { white-space: nowrap; color: var(--soft) }
code { font: .9em ui-monospace, monospace }
td code { white-space: nowrap; color: var(--bad) }
.dots { display: flex; flex-wrap: wrap; gap: 4px; margin: .5rem 0 }
.dots i { width: .7rem; height: .7rem; border-radius: 50%; background: var(--heat) }
.dots .bad { background: var(--bad); border-radius: 2px }
@media (max-width: 40rem) {
  main { padding: .75rem }
  section { padding: .9rem }
  svg text { font-size: 21px }
  .tiles { grid-template-columns: repeat(2, 1fr); gap: .5rem }
  .tiles dd { font-size: 1.4rem }
  .heat { gap: 1px; font-size: .68rem; grid-template-columns: auto repeat(24, minmax(0, 1fr)) 3rem }
  .heat i { height: .9rem; border-radius: 2px }
  .heat .day { padding-right: .3rem }
  .heat .sum { margin-left: .2rem; padding-left: .2rem }
  .bars { grid-template-columns: minmax(4rem, auto) 1fr auto }
  .bars .name { max-width: 9.5rem }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  tr { display: grid; grid-template-columns: 1fr auto; border-bottom: 1px solid var(--line); padding: .4rem 0 }
  tr:last-child { border-bottom: 0 }
  td { border: 0; padding: .1rem 0 }
  td.what { grid-column: 1 / -1; grid-row: 2 }
  td.what:first-child { grid-column: 1; grid-row: 1 }
  td.when { grid-column: 1 / -1; grid-row: 3; font-size: .85em }
  td.number { grid-column: 2; grid-row: 1; padding-left: .75rem }
}
@media print { section { break-inside: avoid; padding: 0 } }
`
