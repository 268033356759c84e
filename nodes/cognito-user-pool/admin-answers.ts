import type { Node, NodeAPI } from 'node-red';
import { CognitoAuthError, toCognitoAuthError } from '../lib/cognito/errors';
import { isRecord } from '../lib/cognito/guards';
import { checkPool, failed, notTested, type Finding, type Report } from '../lib/cognito/pool-check';
import { listClients, listPools, type Choices } from '../lib/cognito/pool-lists';
import { regionPattern } from '../lib/cognito/regions';
import type { UserPool } from '../lib/cognito/user-pool';
import { translate } from '../lib/node-red/translate';
import { textSetting, type Settings } from '../lib/node-red/typed-inputs';
import { userPoolNode, type UserPoolNode } from '../lib/node-red/user-pool-node';
import type { Action } from './admin-routes';
import { createUserPool, encryptionKeyOf } from './create-user-pool';
import { completeSettings, readTyped, SecretsWithheld, type Deployed, type Typed } from './typed-settings';

/** How long an answer may take, in ms. */
const longestTime = 12_000;
/** How long one call of it may take, in s. */
const longestCall = 6;
/** The longest text of whoever answered that is handed on, in characters. AWS's names have 128 at most. */
const longestName = 128;

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** What is known when a request is answered. */
interface Question {
  readonly RED: NodeAPI;
  readonly settings: Settings;
  readonly secrets: Settings;
  readonly signal: AbortSignal;
}

type Choosing = Choices | { readonly finding: Finding };

/**
 * The node as it was deployed; undefined for one that is only drawn.
 * @throws CognitoAuthError UserPoolMissing for another type's
 */
function deployedNode(RED: NodeAPI, id: string): UserPoolNode | undefined {
  // The types say that getNode always finds one.
  const node = RED.nodes.getNode(id) as Node | null;
  return node ? userPoolNode(RED, id) : undefined;
}

/** A node that knows the environment of all flows, for one that is only drawn. */
function someNode(RED: NodeAPI): Node | undefined {
  let found: Node | undefined;
  RED.nodes.eachNode((config) => {
    const isGlobal = !('z' in config && config.z);
    if (!found && isGlobal) found = RED.nodes.getNode(config.id);
  });
  return found;
}

function deployedOf(node: UserPoolNode): Deployed {
  return { settings: node.settings, secrets: isRecord(node.credentials) ? node.credentials : {} };
}

class ProxyNotDeployed extends Error {}

/** A proxy that is only drawn, or disabled, would silently not be used. @throws ProxyNotDeployed */
function assertProxyRuns({ RED, settings }: Question): void {
  const id = textSetting(settings, 'proxy');
  if (id === '') return;
  const node = RED.nodes.getNode(id) as Node | null;
  if (node?.type !== 'http proxy') throw new ProxyNotDeployed();
}

/** Makes a user pool of the settings for one use. @throws ProxyNotDeployed, CognitoAuthError UserPoolInvalid */
async function withPool<T>(question: Question, use: (pool: UserPool) => Promise<T>): Promise<T> {
  assertProxyRuns(question);
  const { RED, settings, secrets } = question;
  const timeout = Number(settings.timeout);
  const bounded = timeout > longestCall || textSetting(settings, 'timeout') === '' ? longestCall : settings.timeout;
  const pool = createUserPool(RED, { ...settings, timeout: bounded }, secrets);
  try {
    return await use(pool);
  } finally {
    await pool.close();
  }
}

/** What stands in the way before anything is asked of Cognito. */
function settingsFinding(error: unknown): Finding {
  if (error instanceof SecretsWithheld) {
    return { check: 'settings', outcome: 'failed', reason: 'typeAgain', values: { fields: error.fields.join(' ') } };
  }
  if (error instanceof ProxyNotDeployed) return { check: 'settings', outcome: 'failed', reason: 'proxyNotDeployed' };
  return failed('settings', 'settingsWrong', toCognitoAuthError(error));
}

/** Where token nodes and remembered devices are kept. */
function storageFinding({ RED, settings, secrets }: Question): Finding {
  try {
    encryptionKeyOf(settings, secrets);
  } catch (thrown) {
    const error = toCognitoAuthError(thrown);
    if (error.code !== 'UserPoolInvalid') return failed('storage', 'keyRefused', error);
    return { check: 'storage', outcome: 'warning', reason: 'noEncryptionKey' };
  }
  const store = textSetting(settings, 'contextStore');
  const { contextStorage } = RED.settings as { contextStorage?: unknown };
  const isThere = store === '' || (isRecord(contextStorage) ? Object.hasOwn(contextStorage, store) : store === 'memory');
  return isThere
    ? { check: 'storage', outcome: 'ok', reason: 'kept' }
    : { check: 'storage', outcome: 'failed', reason: 'noSuchStore' };
}

async function test(question: Question): Promise<Report> {
  const report = await withPool(question, (pool) => checkPool(pool, question.signal));
  return { ...report, findings: [...report.findings, storageFinding(question)] };
}

/** A list that can't be had is no failure: typing stays possible. */
async function choosing(choose: () => Promise<Choices>): Promise<Choosing> {
  try {
    return await choose();
  } catch (error) {
    if (error instanceof CognitoAuthError && error.code !== 'UserPoolInvalid') {
      return { finding: failed('settings', 'notListed', error) };
    }
    return { finding: settingsFinding(error) };
  }
}

/** The user pools of the region that the user pool ID begins with, however much of it there is. */
function pools(question: Question): Promise<Choosing> {
  const [region = ''] = textSetting(question.settings, 'userPoolId').split('_', 1);
  return choosing(() => {
    if (!regionPattern.test(region)) throw new CognitoAuthError('UserPoolInvalid', { field: 'userPoolId' });
    // Listing takes neither; the names only have to be possible.
    const settings = { ...question.settings, userPoolId: `${region}_any`, clientId: 'any' };
    return withPool({ ...question, settings }, (pool) => listPools(pool, question.signal));
  });
}

function clients(question: Question): Promise<Choosing> {
  const settings = { ...question.settings, clientId: 'any' };
  return choosing(() => withPool({ ...question, settings }, (pool) => listClients(pool, question.signal)));
}

const answers: Readonly<Record<Action, (question: Question) => Promise<Report | Choosing>>> = { test, pools, clients };

/** Keeps out what the catalogue has no words for: an exception's name is a word of whoever answered. */
function withKnownAdvice(RED: NodeAPI, finding: Finding): Finding {
  if (!finding.advice) return finding;
  const isKnown = (key: string): boolean => translate(RED, `errors.${key}`) !== undefined;
  return { ...finding, advice: finding.advice.map((key) => (isKnown(key) ? key : 'UnexpectedError')) };
}

function presentable(RED: NodeAPI, answer: Report | Choosing): object {
  if ('findings' in answer) {
    return { ...answer, findings: answer.findings.map((finding) => withKnownAdvice(RED, finding)) };
  }
  if ('finding' in answer) return { finding: withKnownAdvice(RED, answer.finding) };
  return answer;
}

/** Texts of whoever answered, no longer than names are. */
function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.slice(0, longestName) : value;
}

/** What is to be answered with. Lists are signed whatever the API, so that stored keys go where they may. */
function asked(action: Action, typed: Typed): Typed {
  return action === 'test' ? typed : { ...typed, settings: { ...typed.settings, api: 'server-side' } };
}

/**
 * Answers what an editor asks.
 * @param id of the user pool node whose dialog is open
 * @param body what was typed there
 * @param gone fires when nobody waits for the answer any more
 * @returns findings in codes, which the editor has the sentences for; never a secret
 */
export async function answerEditor(
  RED: NodeAPI,
  action: Action,
  id: string,
  body: unknown,
  gone: AbortSignal,
): Promise<Answer> {
  let typed: Typed;
  let node: UserPoolNode | undefined;
  try {
    typed = asked(action, readTyped(body));
    node = deployedNode(RED, id);
  } catch (error) {
    const { code, details } = toCognitoAuthError(error);
    return { status: code === 'UserPoolMissing' ? 404 : 400, body: { code, field: details.field } };
  }
  const signal = AbortSignal.any([gone, AbortSignal.timeout(longestTime)]);
  try {
    const complete = completeSettings(RED, node ?? someNode(RED), node && deployedOf(node), typed);
    const answer = await answers[action]({ RED, signal, ...complete });
    return { status: 200, body: JSON.parse(JSON.stringify(presentable(RED, answer), shortened)) as object };
  } catch (error) {
    const finding = withKnownAdvice(RED, settingsFinding(error));
    return { status: 200, body: action === 'test' ? { findings: [finding, ...notTested], facts: {} } : { finding } };
  }
}
