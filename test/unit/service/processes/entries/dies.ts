/** @file A child that what it was given ends. */
process.on('message', () => process.abort());
