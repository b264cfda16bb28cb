/** @file A child for tests: says what it is told to, or fails as it is told to. */
import '../../../../../src-main/worker/end-with-reason.ts';

process.on('message', (request: { say?: unknown; fail?: string }) => {
  if (request.fail === 'throw') throw Object.assign(new RangeError('the record\nis too long'), { code: 'ERR_RECORD' });
  if (request.fail === 'text') throw 'words alone' as unknown;
  if (request.fail === 'reject') void Promise.reject(new TypeError('no such thing'));
  else process.send?.(request.say);
});
