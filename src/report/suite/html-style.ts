/** How a test run's page looks, light and dark; it also carries the filters, which need no script. */
const VERDICTS = ['failed', 'errored', 'invalid', 'cancelled', 'ran', 'passed'] as const;

const filtered = VERDICTS.map((verdict) => `body:has(input[value="${verdict}"]:checked) table.cases tbody:not(.${verdict}) { display: none }`).join('\n');

export const SUITE_STYLE = `
:root {
  --back: #fff; --text: #1c1e21; --dim: #666b73; --line: #dfe2e6; --soft: #f5f6f8;
  --bad: #b3261e; --warn: #8a5300; --good: #1a6e3c; --link: #1a57b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #16181c; --text: #e6e8eb; --dim: #9aa1ab; --line: #30343b; --soft: #1e2126;
    --bad: #ff8a80; --warn: #ffb95c; --good: #6fd394; --link: #8ab4f8;
  }
}
* { box-sizing: border-box }
body {
  margin: 0 auto; padding: 1.5rem clamp(0.75rem, 3vw, 2.5rem) 3rem; max-width: 80rem;
  background: var(--back); color: var(--text); font: 15px/1.45 system-ui, sans-serif;
}
h1 { margin: 0; font-size: 1.3rem }
h2 { margin: 2rem 0 0.5rem; font-size: 1.05rem }
.facts { margin: 0.2rem 0 1rem; color: var(--dim) }
fieldset { display: flex; flex-wrap: wrap; gap: 0.4rem; margin: 0 0 1rem; padding: 0; border: 0 }
legend { position: absolute; left: -99rem }
label { padding: 0.2rem 0.7rem; border: 1px solid var(--line); border-radius: 99px; cursor: pointer }
label:has(:checked) { border-color: var(--text); background: var(--soft) }
label:focus-within { outline: 2px solid var(--link); outline-offset: 1px }
label input { position: absolute; opacity: 0 }
table { width: 100%; border-collapse: collapse }
th { padding: 0.35rem 0.6rem; border-bottom: 1px solid var(--line); color: var(--dim); font-weight: 500; text-align: left; white-space: nowrap }
td { padding: 0.4rem 0.6rem; vertical-align: top }
tbody { border-bottom: 1px solid var(--line) }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
.verdict { font-weight: 600; white-space: nowrap }
.case { overflow-wrap: anywhere }
.title { display: block; color: var(--dim); font-size: 0.87em }
.failed .verdict, label.failed b { color: var(--bad) }
.errored .verdict, .invalid .verdict, label.errored b, label.invalid b { color: var(--warn) }
.passed .verdict, label.passed b { color: var(--good) }
.ran .verdict, .cancelled .verdict, .remark { color: var(--dim) }
.why td { padding-top: 0 }
ul { margin: 0 0 0.3rem; padding-left: 1.1rem }
li { overflow-wrap: anywhere }
code { font: 0.87em ui-monospace, monospace }
a { color: var(--link) }
td a { white-space: nowrap }
@media (max-width: 40rem) { table.cases :is(th, td):nth-child(4), table.cases tr:not(.why) > :nth-child(5) { display: none } }
${filtered}
`;
