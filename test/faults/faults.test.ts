import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { NodeMessage } from 'node-red';
import RED from 'node-red';
import should from 'should';
import { openPools, poolId } from '../support/pools';
import { type Arrival, type Setup, SignInFlow, TestPool } from '../support/sign-in-flow';
import { TokenIssuer } from '../support/token-issuer';
import { type Fault, faults } from './faults';
import { FaultyServer } from './faulty-server';
import { countLeaks } from './leaks';
import { kinds, type Step, stepsOf } from './steps';

/** How long a call may take, in ms: short where that is what is waited for. */
const timeoutOf = ({ code }: Fault): number => (code === 'TimeoutError' ? 700 : 10_000);

/** How long a message may take, in ms: three attempts and the pauses between, or the timeout. */
const bound = 4_000;

/** Whether a node fails messages for a while because of what it has found out. */
const isKept = ({ type, operation }: Step): boolean => type === 'cognito-token' || operation === 'GET';

/** What Node-RED's hook onComplete hands on. */
interface CompleteEvent {
  readonly msg: NodeMessage;
  readonly node: { readonly id: string };
}

for (const [kind, config] of Object.entries(kinds)) {
  describe(`a user pool that ${kind}, and`, () => {
    const pool = new TestPool(() => ({ pools: openPools(config) }));
    const ends: unknown[] = [];
    let issuer: TokenIssuer;
    let server: FaultyServer;
    let assertNoLeaks: () => Promise<void>;

    // Node-RED's first start leaves things behind that stay.
    before(async () => {
      await SignInFlow.start({});
      await SignInFlow.stop();
    });
    beforeEach(async () => {
      assertNoLeaks = await countLeaks();
      issuer = new TokenIssuer(poolId);
      await issuer.listen();
      server = new FaultyServer(pool.local.endpoint, issuer.endpoint);
      await server.listen();
      ends.length = 0;
      RED.hooks.add('onComplete.faults', ({ msg, node }: CompleteEvent) => {
        if (node.id === 'node') ends.push(msg._msgid);
      });
    });
    afterEach(async () => {
      RED.hooks.remove('*.faults');
      await SignInFlow.stop();
      await server.close();
      await issuer.close();
    });

    /** The flow whose node is to fail, and what makes messages for it. */
    async function start(step: Step, timeout: number): Promise<{ flow: SignInFlow; message: () => object }> {
      const access = pool[step.access]({ timeout: timeout / 1000 });
      const prepared = JSON.stringify(await step.prepare({ pool, issuer, endpoint: server.endpoint }, access));
      const { type, settings = {}, credentials = {} } = step;
      const setup: Setup = { type, settings, credentials, ...access };
      const flow = await SignInFlow.start({ ...setup, pool: { ...access.pool, endpoint: server.endpoint } });
      return { flow, message: () => JSON.parse(prepared) as object };
    }

    /** What a message with such a fault is told by: token nodes wait for as long as they may. */
    function assertReason(error: unknown, { type, operation }: Step, fault: Fault): void {
      const code = operation === 'GET' ? (fault.keysCode ?? fault.code) : fault.code;
      if (type === 'cognito-token') should(error).match({ code: 'TokensNotInTime', message: new RegExp(`\\b${code}: `) });
      else should(error).have.property('code', code);
    }

    for (const [what, fault] of Object.entries(faults)) {
      describe(`that ${what}:`, () => {
        for (const [name, step] of stepsOf(kind)) {
          it(name, async () => {
            const { flow, message } = await start(step, timeoutOf(fault));
            server.break(step.operation, fault.strike, step.after);
            const began = performance.now();
            const { by, msg } = await flow.send({ ...message(), _msgid: 'first' });
            const took = performance.now() - began;
            should(by).equal('Catch', inspect(msg));
            assertReason(msg.error, step, fault);
            should(took).be.below(bound);
            if (step.type !== 'cognito-token') should(server.struck).equal(step.operation === 'GET' ? 1 : fault.attempts);

            await server.heal();
            const ids = ['first'];
            const sendAgain = (): Promise<Arrival> => {
              ids.push(`again, ${ids.length}`);
              return flow.send({ ...message(), _msgid: ids.at(-1) });
            };
            let again = await sendAgain();
            // Tokens and keys come back in their own time; all else is asked for anew at once.
            for (; again.by === 'Catch' && isKept(step) && ids.length < 30; again = await sendAgain()) await sleep(200);
            should(again.by).equal(step.leaves ?? 'port 1', inspect(again.msg.error));

            await SignInFlow.stop();
            while (server.connections > 0) await sleep(5);
            for (const id of ids) {
              should(ends.filter((end) => end === id)).have.length(1);
              should(flow.arrivals.filter((arrival) => arrival.msg._msgid === id)).have.length(1);
            }
            await server.close();
            await issuer.close();
            await assertNoLeaks();
          });
        }
      });
    }
  });
}
