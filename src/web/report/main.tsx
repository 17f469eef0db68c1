/** The page of a report: what it shows stands in the file itself, and it asks nobody for anything. */
import { render } from 'preact';

render(<main>bottalk</main>, document.body);
