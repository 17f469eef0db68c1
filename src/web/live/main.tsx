/** The page of `bottalk dev`: what it shows comes from the server's socket, and nothing leaves the machine. */
import { render } from 'preact';

render(<main>bottalk</main>, document.body);
