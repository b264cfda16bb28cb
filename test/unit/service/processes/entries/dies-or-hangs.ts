/** @file A child that a wish for the projector ends, and anything else holds for ever. */
process.on('message', ({ wantsProjector }: { wantsProjector: boolean }) => {
  if (wantsProjector) process.abort();
  for (;;) Math.random();
});
