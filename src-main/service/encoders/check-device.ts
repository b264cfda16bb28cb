/** @file Devices as people name them. */
import { AppError } from '../../base/index.ts';
import { isDeviceId } from '../../compute/index.ts';

/** Refuses what is neither `auto` nor a device that Earmark knows; whether it is there shows when it is used. @throws AppError DEVICE_UNAVAILABLE */
export function checkDevice(device: string): void {
  if (device === 'auto' || isDeviceId(device)) return;
  throw new AppError('DEVICE_UNAVAILABLE', `There is no device ${device}. List them with \`earmark devices\`.`);
}
