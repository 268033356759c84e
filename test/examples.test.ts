import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalCognito } from '@cognito-flows/local-cognito';
import should from 'should';
import { linked, RealNodeRed, root } from './support/real-node-red';

type Fields = Record<string, string>;

/** What a browser does at a page of an example: it keeps the cookie, and the step that its form belongs to. */
class Visitor {
  cookie = '';
  html = '';

  constructor(private readonly url: string) {}

  async send(fields?: Fields, headers: Fields = {}): Promise<Response> {
    const response = await fetch(this.url, {
      ...(fields && { method: 'POST', body: new URLSearchParams(fields) }),
      headers: { cookie: this.cookie, ...headers },
      signal: AbortSignal.timeout(10_000),
    });
    this.cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.cookie;
    this.html = await response.text();
    return response;
  }

  /** Fills in the form of the page that is shown. */
  answer(fields: Fields): Promise<Response> {
    return this.send({ ...fields, step: this.step });
  }

  /** The same browser, in another window. */
  again(): Visitor {
    return Object.assign(new Visitor(this.url), { cookie: this.cookie, html: this.html });
  }

  get step(): string {
    return /name="step" value="(\d+)"/.exec(this.html)?.[1] ?? '';
  }

  get heading(): string | undefined {
    return /<h1>(.*)<\/h1>/.exec(this.html)?.[1];
  }

  get alert(): string | undefined {
    return /role="alert">([^<]*)</.exec(this.html)?.[1];
  }
}

interface Example {
  readonly name: string;
  readonly url: string;
  /** Of the page that begins. */
  readonly heading: string;
  readonly wrong: Fields;
  readonly right: (html: string, cognito: LocalCognito) => Fields;
  /** How many right answers it takes. */
  readonly rounds: number;
}

const examples: Example[] = [
  {
    name: 'email-code',
    url: '/email-code',
    heading: 'Sign in with a code by e-mail',
    wrong: { code: '00000000' },
    right: (_html, cognito) => ({ code: cognito.outbox.latest('ada')?.code ?? '' }),
    rounds: 1,
  },
  {
    name: 'choose-method',
    url: '/choose',
    heading: 'Sign in as you like',
    wrong: { choice: '' },
    right: () => ({ choice: 'PASSWORD', password: 'Practice-1234' }),
    rounds: 1,
  },
  {
    name: 'custom-question',
    url: '/question',
    heading: 'Sign in by answering questions',
    wrong: { answer: '' },
    right: (html) => {
      const [, a, b] = /(\d+) \+ (\d+)/.exec(html) ?? [];
      return { answer: String(Number(a) + Number(b)) };
    },
    rounds: 2,
  },
];

/** Cookies that are no session ids; of some, Node-RED makes objects. */
const madeUp = ['j%3A%7B%22toString%22%3A1%7D', 'j%3A%5B1%5D', '__proto__', 'toString', ''];

const foreign: Fields[] = [
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'same-site' },
  { origin: 'http://other.example' },
  { origin: 'null' },
];

/** Fills up what a flow remembers, and tells how many sessions that makes. */
function crowd(tab: string): object[] {
  const func = `
    const sessions = flow.get('sessions') || {};
    const until = Date.now() + 60000;
    for (let i = 0; Object.keys(sessions).length < 1000; i += 1) sessions['visitor' + i] = { challenge: {}, until };
    flow.set('sessions', sessions);
    msg.payload = String(Object.keys(sessions).length);
    return msg;`;
  return [
    { id: 'crowd', z: tab, type: 'http in', url: '/crowd', method: 'get', wires: [['crowd-fill']] },
    { id: 'crowd-fill', z: tab, type: 'function', func, wires: [['crowd-count']] },
    { id: 'crowd-count', z: tab, type: 'http response', wires: [] },
  ];
}

describe('the example', function () {
  this.timeout(60_000);

  let cognito: LocalCognito;
  let nodeRed: RealNodeRed;

  before(async () => {
    cognito = new LocalCognito();
    await cognito.listen(0);
    nodeRed = await RealNodeRed.start(linked);
  });
  afterEach(() => {
    cognito.faults.clear();
    cognito.clock.reset();
  });
  after(async () => {
    await nodeRed.stop();
    await cognito.close();
  });

  const answers = () => cognito.requests.filter(({ operation }) => operation === 'AdminRespondToAuthChallenge').length;

  for (const { name, url, heading, wrong, right, rounds } of examples) {
    describe(name, () => {
      let visitor: Visitor;
      let flow: { id: string; type: string; func?: string }[];

      before(async () => {
        const { endpoint } = cognito;
        const nodes = JSON.parse(readFileSync(path.join(root, `examples/${name}.json`), 'utf8')) as typeof flow;
        flow = nodes.map((node) => (node.type === 'cognito-user-pool' ? { ...node, endpoint } : node));
        await nodeRed.deploy([...flow, ...crowd(`${name}-tab`)]);
      });
      beforeEach(() => {
        visitor = new Visitor(nodeRed.url + url);
      });

      const answer = () => visitor.answer(right(visitor.html, cognito));

      /** Signs in up to the last answer. */
      async function begin(): Promise<Response> {
        let response = await visitor.send({ username: 'ada' });
        for (let round = 1; round < rounds; round += 1) response = await answer();
        return response;
      }

      /** Sends the right answer to a slow pool, and waits until the pool is at it. */
      async function underWay(): Promise<{ first: Promise<Response> }> {
        const before = answers();
        cognito.faults.inject({ operation: 'AdminRespondToAuthChallenge', delay: 500, times: 1 });
        const first = answer();
        while (answers() === before) await sleep(10);
        return { first };
      }

      it('begins, goes on, and ends when asked to', async () => {
        await visitor.send();
        should(visitor.heading).equal(heading);
        await begin();
        await answer();
        should(visitor.heading).equal('Signed in as ada');
        await visitor.send({ end: 'yes' });
        should(visitor.heading).equal(heading);
        await visitor.send();
        should(visitor.heading).equal(heading);
      });

      it('lets no other page, and nobody who looks on, have a part in it', async () => {
        const response = await begin();
        const [cookie = ''] = response.headers.getSetCookie();
        should(cookie).match(new RegExp(`^${name}=[0-9a-f]{64};.* HttpOnly; SameSite=Lax$`));
        should(response.headers.get('cache-control')).equal('no-store');
        should(response.headers.get('content-security-policy')).containEql("frame-ancestors 'none'");
        const before = visitor.cookie;
        await answer();
        should(visitor.cookie).not.equal(before);
        should(visitor.html).not.match(/eyJ|Session/);
      });

      it('lets a form be filled in again', async () => {
        await begin();
        await visitor.answer(wrong);
        should(visitor.alert).be.ok();
        await visitor.send();
        await answer();
        should(visitor.heading).equal('Signed in as ada');
        should(visitor.alert).be.undefined();
      });

      it('keeps nothing of a sign-in that did not start', async () => {
        for (const [username, words] of [
          ['', 'Please fill in the form.'],
          ['disabled', /start again/],
        ] as const) {
          const response = await visitor.send({ username });
          should(response.headers.getSetCookie()).be.empty();
          should(visitor.heading).equal(heading);
          should(visitor.alert).match(words);
        }
      });

      it('says that a sign-in has ended', async () => {
        await begin();
        cognito.clock.advance(4 * 60_000);
        await answer();
        should(visitor.heading).equal(heading);
        should(visitor.alert).match(/took too long/);
        await visitor.send({ code: '1', answer: '1', step: '1' });
        should(visitor.heading).equal(heading);
      });

      it('does not say why the user pool can’t be reached', async () => {
        await begin();
        cognito.faults.inject({ drop: true });
        await answer();
        should(visitor.alert).equal('Signing in is not possible right now. Try again later.');
        cognito.faults.clear();
        await answer();
        should(visitor.heading).equal('Signed in as ada');
      });

      it('takes made-up cookies for none', async () => {
        for (const cookie of madeUp) {
          visitor.cookie = `${name}=${cookie}`;
          should((await visitor.send()).status).equal(200);
          should((await visitor.send({ end: 'yes' })).status).equal(200);
          await begin();
          await answer();
          should(visitor.heading).equal('Signed in as ada');
        }
      });

      it('refuses forms of other sites', async () => {
        await begin();
        for (const headers of foreign) {
          const other = visitor.again();
          const response = await other.send({ end: 'yes' }, headers);
          should(response.status).equal(403);
          should(response.headers.getSetCookie()).be.empty();
        }
        for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: nodeRed.url }]) {
          should((await visitor.send({ username: 'ada' }, headers)).status).equal(200);
        }
      });

      it('takes a double click for one', async () => {
        await begin();
        const second = visitor.again();
        const before = answers();
        const { first } = await underWay();
        await Promise.all([first, second.answer(right(second.html, cognito))]);
        should(answers() - before).equal(1);
        for (const { heading: shown, alert } of [visitor, second]) {
          should(shown).equal('Signed in as ada');
          should(alert).be.undefined();
        }
      });

      it('answers nothing with a form that is out of date', async () => {
        await begin();
        const old = visitor.again();
        await answer();
        old.cookie = visitor.cookie;
        const before = answers();
        await old.answer(wrong);
        should(answers()).equal(before);
        should(old.heading).equal('Signed in as ada');
      });

      it('stays at an end that comes before the answer', async () => {
        await begin();
        const other = visitor.again();
        const { first } = await underWay();
        await other.send({ end: 'yes' });
        should((await first).headers.getSetCookie()).be.empty();
        should(visitor.heading).equal(heading);
      });

      it('keeps those who are signed in while others come in masses, and does not grow', async () => {
        await begin();
        await answer();
        const count = Number(await nodeRed.text('/crowd'));
        const newcomers = Array.from({ length: 20 }, () => new Visitor(nodeRed.url + url));
        await Promise.all(newcomers.map((newcomer) => newcomer.send({ username: 'ada' })));
        should(Number(await nodeRed.text('/crowd'))).equal(count);
        await visitor.send();
        should(visitor.heading).equal('Signed in as ada');
      });

      it('tells visitors no more than necessary where it fails itself', async () => {
        for (const id of [`${name}-load`, `${name}-keep`]) {
          await nodeRed.deploy(
            flow.map((node) => (node.id === id ? { ...node, func: 'throw new Error("broken")' } : node)),
          );
          const response = await visitor.send({ username: 'ada' });
          should(response.status).equal(500);
          should(visitor.html).equal('Something went wrong. Try again later.');
        }
      });
    });
  }
});
