/**
 * The part of the WebAssembly interface that the voice needs, typed here because it is declared only in TypeScript's
 * browser library, whose other globals have no place in this program.
 */

export type WasmModule = { readonly compiledModule: unique symbol };
export type WasmMemory = { readonly buffer: ArrayBuffer };
type Imports = Readonly<Record<string, Readonly<Record<string, (...args: number[]) => number>>>>;

type WebAssemblyGlobal = {
  readonly Module: {
    new (bytes: Uint8Array): WasmModule;
    imports(module: WasmModule): readonly { readonly module: string; readonly name: string }[];
  };
  readonly Instance: new (module: WasmModule, imports: Imports) => { readonly exports: unknown };
};

export const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyGlobal }).WebAssembly;
