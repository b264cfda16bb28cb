/** @file Which encoder of the library another one stands upon. */
import { standsUpon } from '../../learn/index.ts';
import type { Store, StoredEncoder } from '../../store/index.ts';

/** The encoder that encoders of a family stand upon; undefined where they stand upon none, or where it was taken out. */
export function stoodUpon({ encoders }: Pick<Store, 'encoders'>, architecture: string): StoredEncoder | undefined {
  const upon = standsUpon(architecture);
  return upon === null ? undefined : encoders.list().find((one) => one.architecture === upon);
}
