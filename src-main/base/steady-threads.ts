/** @file Keeps a fault of V8 away from threads. */
import { setFlagsFromString } from 'node:v8';

/**
 * To be called before a thread is started. Node reads TypeScript by WebAssembly that calls back into JavaScript; after a thousand such calls V8 compiles the way
 * between both anew, and where several threads do so at once the whole process may end with a fault of memory
 * (`Runtime_TierUpWasmToJSWrapper`, seen in Node 24.21 once in four runs of a test that starts many threads). Calls stay as they are with this; Earmark's own
 * WebAssembly calls nothing.
 */
export function steadyThreads(): void {
  setFlagsFromString('--wasm-wrapper-tiering-budget=1000000000');
}
