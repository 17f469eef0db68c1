/**
 * Where tests keep speech and VAD tracks: one folder for all files of a run, which its set-up has made. Whoever looks at
 * the cache itself, or harms it, takes a folder of its own. Outside of a test run there is none.
 */
export const sharedCache: string | undefined = process.env['BOTTALK_TESTS_CACHE'];
