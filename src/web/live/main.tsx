/** The page of `bottalk dev`: what it shows comes from the server's socket, and nothing leaves the machine. */
import './live.css';
import { effect } from '@preact/signals';
import { render } from 'preact';
import { systemWallClock } from '../../clock/wall-clock.ts';
import { App } from './app.tsx';
import { PageState } from './page-state.ts';
import { Setup } from './setup.ts';
import { listenForKeys } from './shortcuts.ts';

const address = new URL('/live', location.href);
address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
const page = new PageState({ wall: systemWallClock, url: address.href, soundScript: '/live-sound.js' });
const setup = new Setup();
void setup.load();
listenForKeys(page);
effect(() => {
  document.title = page.run.value ? `${page.run.value.title} - bottalk` : 'bottalk';
});
render(<App page={page} setup={setup} />, document.body);
