/** How the report looks, in WeChat's green, by day and by night and on paper. */
export const STYLE = `
:root { --ground: #ededed; --sheet: #fff; --ink: #1a1a1a; --soft: #5e5e5e; --line: #ddd;
  --good: #067d41; --bad: #c8221c; --weak: #8a5a00 }
@media (prefers-color-scheme: dark) { :root { --ground: #111; --sheet: #1e1e1e; --ink: #e6e6e6; --soft: #a3a3a3;
  --line: #383838; --good: #3fd18a; --bad: #ff7a70; --weak: #f0b64a } }
main { max-width: 60rem; margin: 0 auto; padding: 1rem }
h1 { font-size: 1.5rem; margin: .5rem 0 }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem }
.target { font-family: ui-monospace, monospace; overflow-wrap: anywhere; color: var(--soft); margin: 0 }
.verdict { font-size: 1.15rem; font-weight: 600; border-left: .4rem solid; padding-left: .75rem }
.verdict.passed { border-color: var(--good) }
.verdict.failed { border-color: var(--bad) }
figure { margin: 0; background: var(--sheet); border-radius: .5rem; padding: 1rem }
figcaption { color: var(--soft) }
svg { width: 100%; height: auto; display: block }
svg text { fill: var(--soft); font-size: 12px; paint-order: stroke; stroke: var(--sheet); stroke-width: 4px }
svg .grid { stroke: var(--line) }
svg .limit { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 6 4 }
svg .limit-name { fill: var(--bad) }
svg .median { stroke: var(--good); stroke-width: 1.5 }
svg .median-name { fill: var(--good) }
svg circle { fill: var(--good); fill-opacity: .75 }
svg circle.late { fill: var(--bad) }
.table { overflow-x: auto; background: var(--sheet); border-radius: .5rem }
table { border-collapse: collapse; width: 100%; min-width: 34rem }
th, td { text-align: left; vertical-align: top; padding: .6rem .75rem; border-bottom: 1px solid var(--line) }
tr:last-child td { border-bottom: 0 }
.number { text-align: right; font-variant-numeric: tabular-nums }
.mark { white-space: nowrap; font-weight: 600 }
.passed .mark { color: var(--good) }
.failed .mark, .failed .finding { color: var(--bad) }
.weak .mark, .weak .finding { color: var(--weak) }
.skipped .mark, .skipped .finding, small { color: var(--soft) }
code { white-space: nowrap; font: .9em ui-monospace, monospace }
td p { margin: .15rem 0 }
.finding { font-weight: 600; overflow-wrap: anywhere }
.why { color: var(--soft); font-size: .9em }
pre { overflow: auto; max-height: 20rem; max-width: 38rem; font: 12px/1.4 ui-monospace, monospace; white-space: pre-wrap;
  overflow-wrap: anywhere }
@media (max-width: 40rem) {
  svg text { font-size: 20px }
  table { min-width: 0 }
  thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden }
  tr { display: grid; grid-template-columns: auto 1fr; border-bottom: 1px solid var(--line); padding: .5rem 0 }
  td { border: 0; padding: .15rem .75rem; min-width: 0 }
  td:nth-child(n + 3) { grid-column: 1 / -1 }
  td.number { text-align: left; color: var(--soft); font-size: .9em }
  td.number::after { content: " ms" }
}
`
