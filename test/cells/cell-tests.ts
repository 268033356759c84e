import type { AuthFlowType, ChallengeNameType } from '@aws-sdk/client-cognito-identity-provider';
import type { LocalCognitoOptions } from '@cognito-flows/local-cognito';
import should from 'should';
import { type Payload, Person } from '../support/person';
import { openPools, password, poolId } from '../support/pools';
import { questions } from '../support/questions';
import { type Arrival, type Message, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../support/sign-in-flow';
import { answers, type Met } from './answers';
import { cells } from './cells';
import { addEvidence } from './evidence';
import type { Situation } from './situations';
import { type Access, variants } from './variants';
import { Wire } from './wire';

/** A pool that has what the situation takes. */
function poolOf({ pool, triggers = questions() }: Situation): LocalCognitoOptions {
  return { pools: openPools(pool), triggers: { [poolId]: triggers } };
}

const refusedBy = (code: string) => ({ by: 'Catch', msg: { error: { code } } });

const metBy = ({ payload }: Message): Met => payload as Met;

/** One sign-in after another by the same person, through the nodes of one flow. */
class Walk {
  private constructor(
    private readonly flow: SignInFlow,
    private readonly person: Person,
    private readonly situation: Situation,
    private readonly beginning: Payload,
  ) {}

  static async begin(authFlow: string, access: Access, person: Person, situation: Situation, beginning: Payload) {
    const settings = typed('authFlow', 'str', authFlow);
    const flow = await SignInFlow.start({ ...access, settings, answer: {}, mfaSetup: {} });
    return new Walk(flow, person, situation, beginning);
  }

  start(): Promise<Arrival> {
    return this.flow.send({ payload: { ...this.beginning } });
  }

  /** Answers a challenge, with the state of the sign-in as it was then. */
  give(payload: Payload, { cognito }: Message, name: ChallengeNameType): Promise<Arrival> {
    const msg = { payload: { ...payload }, cognito: structuredClone(cognito) };
    return name === 'MFA_SETUP' ? this.flow.setUpMfa(msg) : this.flow.answer(msg);
  }

  /** What answers a challenge, right away or after the QR code of MFA_SETUP was scanned. */
  async prepared(met: Message, name: ChallengeNameType): Promise<{ met: Message; right: Payload; wrong: Payload }> {
    const { person, situation } = this;
    if (name === 'DEVICE_SRP_AUTH' && situation.relaysDevice) {
      const right = { srpA: person.srp.srpA };
      return { met, right, wrong: right };
    }
    if (name === 'MFA_SETUP') {
      const { by, msg } = await this.give({}, met, name);
      should(by).equal('port 3');
      person.scanned = (msg.payload as { SecretCode: string }).SecretCode;
      met = msg;
    }
    const { right, wrong } = answers[name];
    return { met, right: right(person, metBy(met)), wrong: wrong(person, metBy(met)) };
  }
}

/** Signs in through the challenge: a wrong answer first, then the right one, and that once more. */
async function pass(walk: Walk, challenge: ChallengeNameType): Promise<Message> {
  const { refusal, ends } = answers[challenge];
  let refused = false;
  let again: (() => Promise<Arrival>) | undefined;
  let { by, msg } = await walk.start();
  while (by === 'port 2') {
    const name = metBy(msg).ChallengeName as ChallengeNameType;
    const { met, right, wrong } = await walk.prepared(msg, name);
    if (name === challenge && !refused) {
      refused = true;
      const answered = await walk.give(wrong, met, name);
      if (refusal === undefined) {
        should(answered.by).equal('port 2', 'a wrong answer is followed by another question');
        ({ by, msg } = answered);
        continue;
      }
      should(answered).match(refusedBy(refusal));
      if (ends) {
        should(await walk.give(right, met, name)).match(refusedBy('NotAuthorizedException'));
        ({ by, msg } = await walk.start());
        continue;
      }
    }
    if (name === challenge) again = () => walk.give(right, met, name);
    ({ by, msg } = await walk.give(right, met, name));
  }
  if (by !== 'port 1') throw new Error(`left by ${by}: ${msg.error?.message ?? ''}`);
  if (!again) throw new Error(`${challenge} was not met`);
  should(await again()).match(refusedBy('NotAuthorizedException'));
  return msg;
}

/**
 * Tests one row of the table: each of these challenges in a sign-in that the flow starts, on each API that allows it, with
 * and without a client secret.
 * @param start what the flow usually starts with
 * @param when sets tests apart from others of the same cells
 */
export function testCells(
  flow: AuthFlowType,
  start: (person: Person) => Payload,
  situations: Partial<Record<ChallengeNameType, Situation>>,
  when = '',
): void {
  for (const [challenge, situation] of Object.entries(situations) as [ChallengeNameType, Situation][]) {
    const cell = cells[flow][challenge];
    if ('impossible' in cell) throw new Error(`${flow} × ${challenge} is impossible: ${cell.impossible.text}`);

    const title = [`${flow} × ${challenge}`, when].join(' ').trimEnd();
    describe(title, () => {
      let wire: Wire;
      let endpoint: string;
      let accessToken: unknown;
      const pool = new TestPool(() => poolOf(situation));
      beforeEach(async () => {
        wire = new Wire();
        endpoint = await wire.listen(pool.local.endpoint);
      });
      stopFlowAfterEach();
      afterEach(async function () {
        await wire.close();
        if (this.currentTest?.state !== 'passed') return;
        const test = this.currentTest.fullTitle();
        for (const seen of wire.cellsOf(accessToken)) addEvidence({ ...seen, test });
      });

      for (const { api, withSecret, name, access } of variants.filter((variant) => cell.apis.includes(variant.api))) {
        it(`${title}, ${name}`, async () => {
          const direct = access(pool);
          const person = new Person(pool, direct, situation.username, situation.password ?? password);
          await situation.prepare?.(person);
          const beginning = { ...person.deviceKey, ...(situation.start ?? start)(person) };
          const overWire = { ...direct, pool: { ...direct.pool, endpoint } };
          const walk = await Walk.begin(flow, overWire, person, situation, beginning);
          const { payload, cognito } = await pass(walk, challenge);
          accessToken = (payload as { AccessToken: string }).AccessToken;
          should(wire.cellsOf(accessToken)).deepEqual([{ flow, challenge, api, withSecret }]);
          should(payload).match({ TokenType: 'Bearer', AccessToken: /^ey/, IdToken: /^ey/, RefreshToken: /./ });
          should(cognito).match({ username: situation.username, claims: { 'cognito:username': situation.username } });
        });
      }
    });
  }
}
