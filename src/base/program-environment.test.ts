import { expect, test } from 'vitest';
import { programEnvironment } from './program-environment.ts';

test('a program is told where it lives and how it speaks, and no keys', () => {
  const told = { PATH: '/bin', HOME: '/home/ann', TMPDIR: '/tmp', LANG: 'C', LC_ALL: 'C', XDG_RUNTIME_DIR: '/run/1', FONTCONFIG_PATH: '/etc/fonts', https_proxy: 'http://proxy', SystemRoot: 'C:\\Windows' };
  const kept = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: 'http://x?k', AWS_SESSION_TOKEN: 't', XDG_SECRET: 's', LC_API_KEY: 'k', XDG_TOKEN: 't', MY_OWN: 'm', GONE: undefined };
  expect(programEnvironment({ ...told, ...kept })).toEqual(told);
});
