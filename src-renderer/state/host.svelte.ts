/** @file The program around the core: what it can do, and the devices it can compute on. */
import type { Api } from '../client/index.ts';
import type { Capabilities, Check, Device, JobProgress } from '../../src-main/contract/index.ts';

/** What is used of the core. */
type HostApi = Pick<Api, 'host' | 'devices'>;

/** A check that goes on. */
export type Doctoring = { readonly check: string; readonly progress: JobProgress };

/** Capabilities and devices as last heard of. */
export class HostState {
  readonly #api: HostApi;
  #capabilities = $state.raw<Capabilities | null>(null);
  #devices = $state.raw<Device[] | null>(null);
  #checks = $state.raw<Check[] | null>(null);
  #isChecking = $state(false);
  #doctoring = $state.raw<Doctoring | null>(null);

  constructor(api: HostApi) {
    this.#api = api;
  }

  /** Null until they are loaded. */
  get capabilities(): Capabilities | null {
    return this.#capabilities;
  }

  /** Null until they are loaded; finding out may take seconds. */
  get devices(): readonly Device[] | null {
    return this.#devices;
  }

  /** Results of the last check of the installation; null before the first. */
  get checks(): readonly Check[] | null {
    return this.#checks;
  }

  get isChecking(): boolean {
    return this.#isChecking;
  }

  /** Which check goes on, and how far it is; null while none is heard of. */
  get doctoring(): Doctoring | null {
    return this.#doctoring;
  }

  /** Takes what the core tells of its checks. */
  hear(doctoring: Doctoring): void {
    if (this.#isChecking) this.#doctoring = doctoring;
  }

  async load(): Promise<void> {
    this.#capabilities = await this.#api.host.capabilities();
  }

  async loadDevices(): Promise<void> {
    this.#devices = await this.#api.devices.list();
  }

  /** Checks the installation. */
  async check(): Promise<void> {
    this.#isChecking = true;
    try {
      this.#checks = await this.#api.host.doctor();
    } finally {
      this.#isChecking = false;
      this.#doctoring = null;
    }
  }

  /**
   * The device that a choice means: the one of that id, or for `auto` the one that the core takes then.
   * @param choice the setting
   */
  deviceOf(choice: string): Device | undefined {
    const devices = this.#devices ?? [];
    return devices.find((device) => (choice === 'auto' ? device.isAutomatic : device.id === choice));
  }
}
