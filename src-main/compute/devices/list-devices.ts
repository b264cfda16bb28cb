/** @file Finds the devices of this machine, and picks one. */
import { arch, availableParallelism, cpus, platform } from 'node:os';
import { AppError, defined } from '../../base/index.ts';
import { deviceIds, isDeviceId } from './device.ts';
import type { Device, DeviceId } from './device.ts';
import { probeDevice } from './probe.ts';
import type { ProbeOptions } from './probe.ts';
import { isInstalled, tensorflowPackage } from './tensorflow.ts';

/** A device that was picked, and why. */
export type ResolvedDevice = { id: DeviceId; reason: string };

type Kind = {
  name: string;
  /** Why it cannot even be tried here, with what to do; `undefined` when it can. */
  absent: () => string | undefined;
  /** What to do when the trial fails. */
  remedy: string;
};

const system = `${platform()} ${arch()}`;

const kinds: Record<DeviceId, Kind> = {
  cuda: {
    name: 'NVIDIA GPU (CUDA)',
    absent: () =>
      system === 'linux x64' ? undefined : `ONNX Runtime’s package for Node has CUDA on Linux with x64 processors only, not on ${system}.`,
    remedy:
      'With an NVIDIA card, install its driver, CUDA 12 and cuDNN 9, then fetch the libraries with: ' +
      'node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12',
  },
  directml: {
    name: 'GPU (DirectML)',
    absent: () => (platform() === 'win32' ? undefined : 'DirectML is a part of Windows.'),
    remedy: 'Update Windows and the graphics card’s driver.',
  },
  coreml: {
    name: 'Apple Neural Engine and GPU (Core ML)',
    absent: () => (platform() === 'darwin' ? undefined : 'Core ML is a part of macOS.'),
    remedy: 'Update macOS.',
  },
  webgpu: {
    name: 'GPU (WebGPU)',
    absent: () => undefined,
    remedy: 'It needs a graphics card with a Vulkan, Metal or Direct3D 12 driver; install or update the card’s driver.',
  },
  cpu: { name: cpus()[0]?.model.trim() ?? 'Processor', absent: () => undefined, remedy: 'Install Earmark again.' },
  'tfjs-node-gpu': native('tfjs-node-gpu', 'NVIDIA GPU (TensorFlow)', ' It needs CUDA 11.2 and cuDNN 8.1.'),
  'tfjs-node': native('tfjs-node', 'Processor (TensorFlow)', ''),
  'tfjs-cpu': { name: 'Processor (reference, slow)', absent: () => undefined, remedy: 'Install Earmark again.' },
};

function native(id: 'tfjs-node-gpu' | 'tfjs-node', name: string, needs: string): Kind {
  const packageName = defined(tensorflowPackage[id], id);
  const remedy = `Install it with: npm install ${packageName}${needs === '' ? '' : `.${needs}`}`;
  return {
    name,
    absent: () => (isInstalled(packageName) ? undefined : `The optional package ${packageName} is not installed. ${remedy}`),
    remedy,
  };
}

/** Devices in the order in which `auto` prefers them; the reference and TensorFlow's are only ever chosen by name. */
const automatic: readonly DeviceId[] = ['cuda', 'directml', 'coreml', 'webgpu'];

let found: Promise<Device[]> | undefined;

/**
 * All devices, those that cannot be used with the reason. Each is tried once a process, in a child process, one after the other: two at a time would be
 * measured at half their speed, and take the memory of both. Never rejects.
 */
export function listDevices(options: ProbeOptions = {}): Promise<Device[]> {
  found ??= inspectAll(options);
  return found;
}

async function inspectAll(options: ProbeOptions): Promise<Device[]> {
  const devices: Device[] = [];
  for (const id of deviceIds) devices.push(await inspect(id, options));
  return devices;
}

async function inspect(id: DeviceId, options: ProbeOptions): Promise<Device> {
  const { name, absent, remedy } = kinds[id];
  const threads = id === 'cpu' ? { threads: availableParallelism() } : {};
  const missing = absent();
  if (missing !== undefined) return { id, name, available: false, reason: missing, detail: {} };
  if (id === 'tfjs-cpu')
    return { id, name, available: true, reason: 'Always there; the reference that the others are checked against.', detail: {} };
  const result = await probeDevice(id, options);
  if (!result.ok)
    return { id, name, available: false, reason: `It could not be opened: ${withoutStop(result.why)}. ${remedy}`, detail: {} };
  const { gigaflops } = result;
  return {
    id,
    name,
    available: true,
    reason: `It works; a matrix product runs at ${gigaflops} GFLOP/s.`,
    detail: { gigaflops, ...threads },
  };
}

function withoutStop(sentence: string): string {
  return sentence.trim().replace(/\.$/, '');
}

/**
 * Picks a device. `auto` takes the first graphics device that works and is faster than the processor, else the processor; a device that was asked for
 * by name is taken or refused, never replaced.
 * @throws AppError `DEVICE_UNAVAILABLE` with the reason, `BAD_INPUT` for a name that is none
 */
export async function resolveDevice(wanted: string, options: ProbeOptions = {}): Promise<ResolvedDevice> {
  if (wanted === 'cpu') return { id: 'cpu', reason: 'The processor was asked for.' };
  const devices = await listDevices(options);
  if (wanted === 'auto') return pickAutomatically(devices);
  if (!isDeviceId(wanted))
    throw new AppError('BAD_INPUT', `There is no device called ${wanted}; choose auto or one of ${deviceIds.join(', ')}.`, {
      details: { device: wanted },
    });
  const device = defined(
    devices.find(({ id }) => id === wanted),
    wanted,
  );
  if (device.available) return { id: device.id, reason: `${device.name} was asked for.` };
  throw new AppError('DEVICE_UNAVAILABLE', `The device ${wanted} cannot be used. ${device.reason}`, { details: { device: wanted } });
}

/** What `auto` picks among these. */
export function pickAutomatically(devices: readonly Device[]): ResolvedDevice {
  const speed = (device: Device | undefined): number => Number(device?.detail['gigaflops'] ?? 0);
  const processor = devices.find(({ id }) => id === 'cpu');
  const graphics = automatic.map((id) => devices.find((device) => device.id === id)).filter((device) => device?.available === true);
  const faster = graphics.find((device) => speed(device) > speed(processor));
  if (faster !== undefined) return { id: faster.id, reason: `${faster.name} works and is faster than the processor.` };
  const [slower] = graphics;
  if (slower !== undefined)
    return { id: 'cpu', reason: `The processor, because ${slower.name} works but is slower (a software driver, perhaps).` };
  return { id: 'cpu', reason: 'The processor, because no graphics device that Earmark can use was found.' };
}
