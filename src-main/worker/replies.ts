/** @file What a child process says to the core, and its end once all of it has left. */

/** `reply` sends a message; `finish` ends the process, by closing its channel, when every message has left. */
export type Replies<Reply> = { reply(message: Reply): void; finish(): void };

/**
 * The channel is closed only after the last message is written: to close it drops what the system has not taken yet, and it takes no more than a few
 * hundred kilobytes while the core is busy with something else. The open channel alone would keep the process alive.
 */
export function repliesTo<Reply extends object>(): Replies<Reply> {
  let waiting = 0;
  let isLast = false;
  const close = (): void => {
    if (isLast && waiting === 0 && process.connected) process.disconnect();
  };
  return {
    reply: (message) => {
      waiting++;
      process.send?.(message, undefined, undefined, () => {
        waiting--;
        close();
      });
    },
    finish: () => {
      isLast = true;
      close();
    },
  };
}
