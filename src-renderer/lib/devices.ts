/** @file What devices are called: short in the header, long in the settings. */

/** What is used of a device. */
export type NamedDevice = { readonly id: string; readonly name: string };

const shortNames: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  cuda: 'GPU · CUDA',
  directml: 'GPU · DirectML',
  coreml: 'GPU · Core ML',
  webgpu: 'GPU · WebGPU',
  'tfjs-node-gpu': 'GPU · TensorFlow',
  'tfjs-node': 'CPU · TensorFlow',
  'tfjs-cpu': 'CPU · reference',
};

/** The kind of device in a word or two: `CPU`, `GPU · WebGPU`. */
export function shortDeviceName({ id, name }: NamedDevice): string {
  return shortNames[id] ?? name;
}

/** The name in full. A processor's is its maker's, which does not say that it is one: `CPU · Intel Core i7-1260P`. */
export function longDeviceName({ id, name }: NamedDevice): string {
  return id === 'cpu' ? `CPU · ${plainName(name)}` : name;
}

/** Without signs of trade marks and the like. */
function plainName(name: string): string {
  return name
    .replace(/\((R|TM|C)\)/gi, '')
    .replace(/\s+/g, ' ')
    .trim();
}
