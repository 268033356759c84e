import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A server in a process of its own, so that its work does not count as ours. */
export class ServerProcess {
  private constructor(
    readonly endpoint: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param file a module beside this one that tells its parent where it listens */
  static async start(file: 'canned-server' | 'pool-server'): Promise<ServerProcess> {
    const child = fork(path.join(__dirname, `${file}.js`));
    const [endpoint] = (await once(child, 'message')) as [string];
    return new ServerProcess(endpoint, child);
  }

  /** Has the canned server keep its answers back, or give all of them. */
  async hold(isHeld: boolean): Promise<void> {
    const done = once(this.child, 'message');
    this.child.send(isHeld);
    await done;
  }

  stop(): void {
    this.child.disconnect();
  }
}
