/** @file A child that what it was given holds for ever. */
process.on('message', () => {
  for (;;) Math.random();
});
