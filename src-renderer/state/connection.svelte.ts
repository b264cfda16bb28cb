/** @file Whether the core is there. */
import type { Connection, ConnectionState } from '../client/index.ts';

/** The connection's state, and what is done whenever it opens. */
export class ConnectionStatus {
  #state = $state<ConnectionState>('connecting');
  #wasOpen = $state(false);

  get state(): ConnectionState {
    return this.#state;
  }

  /** True once it has been open: a view is there, and a loss is told by a banner and not by a page. */
  get wasOpen(): boolean {
    return this.#wasOpen;
  }

  /** Follows a connection; `opened` runs whenever it opens. Returns the way to stop. */
  follow(connection: Pick<Connection, 'state' | 'onState'>, opened: () => void): () => void {
    const take = (state: ConnectionState): void => {
      this.#state = state;
      if (state !== 'open') return;
      this.#wasOpen = true;
      opened();
    };
    take(connection.state);
    return connection.onState(take);
  }
}
