/** @file What a device is: a place where recorded graphs, or the functions themselves, can run. */

/** Devices that ONNX Runtime drives. */
export const onnxDeviceIds = ['cuda', 'directml', 'coreml', 'webgpu', 'cpu'] as const;
/** Devices on which tfjs runs the functions themselves. */
export const tensorflowDeviceIds = ['tfjs-node-gpu', 'tfjs-node', 'tfjs-cpu'] as const;
/** All devices. */
export const deviceIds = [...onnxDeviceIds, ...tensorflowDeviceIds] as const;

/** One of {@link onnxDeviceIds}. */
export type OnnxDeviceId = (typeof onnxDeviceIds)[number];
/** One of {@link tensorflowDeviceIds}. */
export type TensorflowDeviceId = (typeof tensorflowDeviceIds)[number];
/** One of {@link deviceIds}. */
export type DeviceId = (typeof deviceIds)[number];

/** A device as it was found on this machine. */
export type Device = {
  id: DeviceId;
  /** Its name for people, with the hardware's where that is known. */
  name: string;
  available: boolean;
  /** A sentence: what it is when it is there; why it is not and how to get it when it is not. */
  reason: string;
  /** What programs may want to know: adapter, threads, versions. */
  detail: Readonly<Record<string, string | number>>;
};

/** True for a text that names a device. */
export function isDeviceId(text: string): text is DeviceId {
  return deviceIds.some((id) => id === text);
}

/** True for a device that ONNX Runtime drives. */
export function isOnnxDevice(id: DeviceId): id is OnnxDeviceId {
  return onnxDeviceIds.some((known) => known === id);
}
