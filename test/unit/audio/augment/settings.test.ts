import { describe, expect, it } from 'vitest';
import type { AugmentationSettings } from '../../../../src-main/audio/augment/index.ts';
import { pretraining } from '../../../../src-main/contract/index.ts';

describe('the settings of the augmentations', () => {
  it('have the shape that the contract checks', () => {
    const contracted: pretraining.AugmentationSettings = pretraining.augmentationSets.released;
    const ours = contracted satisfies AugmentationSettings;
    const back = ours satisfies pretraining.AugmentationSettings;
    expect(pretraining.augmentationSchema.parse(back)).toEqual(contracted);
  });
});
