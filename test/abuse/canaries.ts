import { randomBytes, randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { linkedWith, RealNodeRed } from '../support/real-node-red';
import type { SrpSecrets } from './inspector';

/** Secrets, by what they are. */
export type Secrets = Readonly<Record<string, string>>;

/** What a part of a secret is known by, however the rest is written down. */
const mark = /[0-9a-f]{32}/;

/** How secrets can look: each holds one mark at its beginning and at its end. */
export const shapes: Readonly<Record<string, (mark: string) => string>> = {
  plain: (mark) => `Canary-1-${mark}`,
  odd: (mark) => `Canary-1-${mark} "it's" <b>\\ %00 \${HOME} {{payload}}\t\r\n‮ñ€😀 ${mark}`,
  long: (mark) => `Canary-1-${mark}${'x'.repeat(8_000)}${mark}`,
};

export const newMark = (): string => randomUUID().replaceAll('-', '');

export const newAccessKeyId = (): string => `AKIACANARY${randomBytes(16).toString('hex')}`;

/** A text in base64 as it stands inside of longer texts, which begin at any byte; what depends on those is left out. */
function insideBase64(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    return bytes.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor(bytes.length / 3) * 4);
  });
}

/** Every way in which a secret can be written down. */
function spellings(secret: string): string[] {
  const known = mark.exec(secret)?.[0] ?? secret;
  const base64 = insideBase64(known);
  const base64url = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [known, encodeURIComponent(known), Buffer.from(known).toString('hex'), ...base64, ...base64url];
}

/** The secrets that can be found, and where. */
export function leaks(places: Readonly<Record<string, string>>, secrets: Secrets): string[] {
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const spelled = spellings(secret);
    return Object.entries(places).flatMap(([place, text]) =>
      spelled.some((spelling) => text.includes(spelling)) ? [`${name} in ${place}`] : [],
    );
  });
}

/** What a page answers. */
interface Answer {
  readonly error?: { readonly code?: string };
  /** What the message had asked for: tokens, the device's password, the secret for an authenticator app. */
  readonly granted: Secrets;
  /** All else that the message holds. */
  readonly rest: Readonly<Record<string, unknown>>;
}

const place = { z: 'tab', x: 0, y: 0 };

/** The nodes around the pages: they answer with what has left a page's node, or what Catch has got; status is logged. */
const around: readonly object[] = [
  { id: 'tab', type: 'tab', label: 'Canaries' },
  {
    id: 'out',
    ...place,
    type: 'function',
    func: `
      const { req, res, payload, taken, error, ...rest } = msg;
      const { AccessToken, IdToken, RefreshToken, NewDeviceMetadata, ...inner } = payload ?? {};
      const { SecretCode, OtpauthUri, QrDataUrl, QrSvg, ...others } = inner;
      const { DevicePassword, ...device } = NewDeviceMetadata ?? {};
      const granted = { AccessToken, IdToken, RefreshToken, SecretCode, OtpauthUri, DevicePassword, taken };
      msg.payload = { error, granted, rest: { ...rest, error, payload: others, device, body: req.body === payload ? {} : req.body } };
      return msg;`,
    wires: [['response']],
  },
  { id: 'catch', ...place, type: 'catch', scope: null, wires: [['out', 'caught']] },
  { id: 'status', ...place, type: 'status', scope: null, wires: [['debug']] },
  { id: 'debug', ...place, type: 'debug', active: true, tosidebar: false, console: true, complete: 'true' },
  { id: 'caught', ...place, type: 'debug', active: true, tosidebar: false, console: true, complete: 'error' },
  { id: 'response', ...place, type: 'http response', wires: [] },
];

/** A page that hands what is posted to it to a node; what a body holds as `cognito` or `taken` becomes the message's. */
export function page(name: string, node: object): object[] {
  const func = `
    for (const name of ['cognito', 'taken']) {
      msg[name] = msg.payload[name];
      delete msg.payload[name];
    }
    return msg;`;
  return [
    { id: `in ${name}`, ...place, type: 'http in', url: `/${name}`, method: 'post', wires: [[`carry ${name}`]] },
    { id: `carry ${name}`, ...place, type: 'function', func, wires: [[`node ${name}`]] },
    { id: `node ${name}`, ...place, ...node, wires: [['out'], ['out'], ['out']] },
  ];
}

interface FlowNode extends Record<string, unknown> {
  readonly id: string;
  readonly type: string;
  readonly credentials?: Secrets;
}

/** A Node-RED that is searched for secrets, in every place where one could be. */
export class SearchedNodeRed {
  /** What messages held that came out of the pages' nodes, without what was granted to them. */
  readonly messages: Answer['rest'][] = [];
  #flow: readonly FlowNode[] = [];

  private constructor(readonly runtime: RealNodeRed) {}

  static async start(): Promise<SearchedNodeRed> {
    const runtime = await RealNodeRed.start(linkedWith(path.join(__dirname, 'inspector.js'), 'inspector'), {
      logging: { console: { level: 'trace', metrics: true, audit: true } },
      contextStorage: { default: { module: 'localfilesystem', config: { flushInterval: 0.1 } } },
    });
    return new SearchedNodeRed(runtime);
  }

  async deploy(nodes: readonly object[]): Promise<void> {
    this.#flow = [...around, ...nodes] as FlowNode[];
    await this.runtime.deploy(this.#flow);
  }

  /** Deploys a change of one node, as the editor does: with the secrets that were not touched left out. */
  async change(id: string, type: 'full' | 'nodes'): Promise<void> {
    const changed = this.#flow.map(({ credentials: _kept, ...node }) => (node.id === id ? { ...node, name: 'x' } : node));
    await this.runtime.deploy(changed, type);
  }

  /** Posts a message to a page. @returns what its node made of it */
  async send(name: string, body: object, signal?: AbortSignal): Promise<Answer> {
    const response = await this.runtime.fetch(`/${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
    const answer = (await response.json()) as Answer;
    this.messages.push(answer.rest);
    return answer;
  }

  /** Which of its secret fields are filled in, for each of the nodes that have some, by the nodes' types. */
  async filledIn(): Promise<Map<string, boolean[]>> {
    const filled = new Map<string, boolean[]>();
    for (const { id, type, credentials } of this.#flow.filter(({ type }) => type.startsWith('cognito-'))) {
      if (!credentials) continue;
      const fields = (await this.runtime.json(`/credentials/${type}/${encodeURIComponent(id)}`)) as Record<string, unknown>;
      const known = Object.entries(fields).flatMap(([name, value]) => (name.startsWith('has_') ? [value === true] : []));
      filled.set(type, [...(filled.get(type) ?? []), known.every(Boolean)]);
    }
    return filled;
  }

  /** What a look into its nodes shows. @param how see `inspector` */
  look(how: string): Promise<string> {
    return this.runtime.text(`/inspector/${how}`);
  }

  async srp(): Promise<SrpSecrets & { readonly sources: number }> {
    return (await this.runtime.json('/inspector')) as SrpSecrets & { sources: number };
  }

  /** All that can be read in and of this Node-RED. */
  async places(): Promise<Readonly<Record<string, string>>> {
    await sleep(1_500); // status is shown once a second, and the context written after a tenth of one
    const texts = async (urls: readonly string[]): Promise<string> =>
      (await Promise.all(urls.map((url) => this.runtime.text(url, { Accept: 'application/json' })))).join('\n');
    const withSecrets = this.#flow.filter(({ credentials }) => credentials);
    return {
      messages: JSON.stringify(this.messages),
      'the log': this.runtime.output,
      'exported flows': await texts(['/flows', '/flow/tab', '/flow/global']),
      'answers about credentials': await texts(
        withSecrets.map(({ id, type }) => `/credentials/${type.replace(' ', '-')}/${encodeURIComponent(id)}`),
      ),
      'the context': await texts(['/context/global', '/context/flow/tab']),
      settings: await texts(['/settings', '/settings/user', '/nodes', '/diagnostics']),
      files: this.runtime.files,
      'nodes looked into': await this.look('plain'),
      'nodes logged': await this.look('logged'),
      'nodes as JSON': await this.look('json'),
      'what nodes hide': await this.look('hidden'),
    };
  }
}
