import { describe, expect, test } from 'vitest';
import { cacheFolder } from './cache-folder.ts';

const linux = { platform: 'linux', home: '/home/ann' };

describe('the cache folder', () => {
  test('is what the user says, then what the desktop says, then the place of the platform', () => {
    expect(cacheFolder({ BOTTALK_CACHE_DIR: '/fast', XDG_CACHE_HOME: '/xdg' }, linux)).toBe('/fast');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' }, linux)).toBe('/xdg/bottalk');
    expect(cacheFolder({}, linux)).toBe('/home/ann/.cache/bottalk');
    expect(cacheFolder({}, { platform: 'darwin', home: '/Users/ann' })).toBe('/Users/ann/Library/Caches/bottalk');
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, { platform: 'win32', home: '/ann' })).toBe('/local/bottalk');
  });

  test('takes an empty variable for one that is not set', () => {
    expect(cacheFolder({ BOTTALK_CACHE_DIR: '', XDG_CACHE_HOME: '' }, linux)).toBe('/home/ann/.cache/bottalk');
  });
});
