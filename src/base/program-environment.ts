/**
 * What a program of this machine that is not ours is told of the environment: where it lives and how it speaks, and no
 * keys. Browsers and players get it, whose memory and crash reports are beyond us. Passes on only what it knows.
 */

type Environment = Readonly<Record<string, string | undefined>>;

const KNOWN = new Set([
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TMP', 'TEMP', 'TZ', 'LANG', 'LANGUAGE', 'LD_LIBRARY_PATH'],
  // Desktop and sound.
  ...['DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY', 'DBUS_SESSION_BUS_ADDRESS', 'AUDIODEV', 'AUDIODRIVER', 'SDL_AUDIODRIVER'],
  // A browser has no other way out of some networks, and none of its own to find its sandbox.
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY', 'CHROME_DEVEL_SANDBOX'],
  // Without these no program starts on Windows.
  ...['SYSTEMROOT', 'SYSTEMDRIVE', 'WINDIR', 'COMSPEC', 'PATHEXT', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMFILES', 'PROGRAMFILES(X86)', 'PROGRAMDATA'],
]);
const KNOWN_BEGINNING = /^(LC_|XDG_|FONTCONFIG_|ALSA_|PULSE_|PIPEWIRE_)/;
const SECRET = /KEY|TOKEN|SECRET|PASSW/;

export function programEnvironment(env: Environment): Record<string, string> {
  const isTold = (name: string): boolean => (KNOWN.has(name) || KNOWN_BEGINNING.test(name)) && !SECRET.test(name);
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && isTold(entry[0].toUpperCase())));
}
