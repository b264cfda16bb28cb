/** @file The eager devices: tfjs's own backends run the functions themselves. `cpu` is always there; the native ones are optional packages. */
import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { AppError } from '../../base/index.ts';
import { putChannelsLast } from './channels-last.ts';
import type { TensorflowDeviceId } from './device.ts';

/** The package of a native device; none for the one in plain TypeScript. */
export const tensorflowPackage: Readonly<Record<TensorflowDeviceId, string | undefined>> = {
  'tfjs-node-gpu': '@tensorflow/tfjs-node-gpu',
  'tfjs-node': '@tensorflow/tfjs-node',
  'tfjs-cpu': undefined,
};

/** What the native packages call their backend. */
const nativeBackend = 'tensorflow';

/** True when the package can be found from here. */
export function isInstalled(packageName: string): boolean {
  try {
    createRequire(import.meta.url).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** Makes the device the one on which tfjs functions run from now on. @throws AppError `DEVICE_UNAVAILABLE` when its package does not load, or finds no GPU */
export async function useTensorflow(id: TensorflowDeviceId): Promise<void> {
  const packageName = tensorflowPackage[id];
  if (packageName !== undefined) await loadNative(id, packageName);
  tf.enableProdMode();
  await tf.setBackend(packageName === undefined ? 'cpu' : nativeBackend);
}

async function loadNative(id: TensorflowDeviceId, packageName: string): Promise<void> {
  restoreRemovedFunctions();
  try {
    await import(packageName);
  } catch (cause) {
    const why = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause);
    throw new AppError('DEVICE_UNAVAILABLE', `The device ${id} did not load: ${why}. Install it again with: npm install ${packageName}`, {
      cause,
    });
  }
  if (id === 'tfjs-node-gpu') requireGpu(tf.findBackend(nativeBackend));
  putChannelsLast(nativeBackend);
}

/** Without a GPU that it knows, TensorFlow computes on the processor and says nothing. @throws AppError `DEVICE_UNAVAILABLE` */
export function requireGpu(backend: object): void {
  if ('isUsingGpuDevice' in backend && backend.isUsingGpuDevice === true) return;
  throw new AppError('DEVICE_UNAVAILABLE', 'TensorFlow sees no GPU here; on the processor the device tfjs-node does the same work.');
}

/** tfjs-node 4.22 calls two functions that Node 23 removed from `util`. */
function restoreRemovedFunctions(): void {
  const removed = { isNullOrUndefined: (value: unknown) => value === null || value === undefined, isArray: Array.isArray };
  for (const [name, replacement] of Object.entries(removed)) if (!(name in util)) Object.assign(util, { [name]: replacement });
}
