import type { Node, NodeAPI } from 'node-red';
import { CognitoAuthError } from '../lib/cognito/errors';
import { isRecord } from '../lib/cognito/guards';
import { domainOf } from '../lib/cognito/issuers';
import { regionPattern } from '../lib/cognito/regions';
import { assertResolved, textSetting, type Settings } from '../lib/node-red/typed-inputs';

/** The settings that a dialog may send, as they are typed. */
export const settingNames = [
  'userPoolId',
  'clientId',
  'api',
  'credentialsSource',
  'profile',
  'roleArn',
  'externalId',
  'endpoint',
  'proxy',
  'timeout',
  'contextStore',
] as const;

const awsKeys = ['accessKeyId', 'secretAccessKey', 'sessionToken'] as const;
export const secretNames = ['clientSecret', ...awsKeys, 'encryptionKey'] as const;

type SecretName = (typeof secretNames)[number];

/** Stands in the editor for a secret that only the server has. */
const keptSecret = '__PWRD__';

/** The longest setting, in characters: a session token has some hundreds, and AWS says that they may grow. */
const longest = 8192;

/** What a dialog asks about. */
export interface Typed {
  readonly settings: Settings;
  readonly secrets: Settings;
}

/** A user pool node as it was deployed. */
export interface Deployed {
  /** With environment variables in place, as everything that Node-RED hands to a node. */
  readonly settings: Settings;
  readonly secrets: Settings;
}

/** Secrets that have to be typed again, because they would go elsewhere than they were given for. */
export class SecretsWithheld extends Error {
  constructor(readonly fields: readonly SecretName[]) {
    super(fields.join(', '));
  }
}

/** Picks the texts of those names, and nothing that an object inherits. @throws CognitoAuthError InputInvalid */
function pick(given: unknown, names: readonly string[]): Record<string, string> {
  if (given === undefined) return {};
  if (!isRecord(given)) throw new CognitoAuthError('InputInvalid', { expected: 'JSON' });
  const picked = names.flatMap((name): [string, string][] => {
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) return [];
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || text.length > longest) {
      throw new CognitoAuthError('InputInvalid', { field: name, expected: 'string' });
    }
    return [[name, text.trim()]];
  });
  return Object.fromEntries(picked);
}

/**
 * Reads what an editor sent: `settings`, those that are not as they were deployed, and `secrets`, those that were typed.
 * @throws CognitoAuthError InputInvalid
 */
export function readTyped(body: unknown): Typed {
  if (!isRecord(body)) throw new CognitoAuthError('InputInvalid', { expected: 'JSON' });
  const secrets = Object.entries(pick(body.secrets, secretNames)).filter(([, secret]) => secret !== keptSecret);
  return { settings: pick(body.settings, settingNames), secrets: Object.fromEntries(secrets) };
}

/**
 * Puts environment variables in their place, as a deploy does.
 * @param node whose flow and group may have variables of their own
 * @throws CognitoAuthError EnvironmentVariableUnset
 */
function resolve(RED: NodeAPI, node: Node | undefined, given: Settings): Settings {
  const entries = Object.entries(given).map(([name, value]) => {
    if (typeof value !== 'string' || !/^\$\{[^}]+\}$/.test(value)) return [name, value];
    // Without any node, nothing but the process has an environment.
    const resolved: unknown = node
      ? RED.util.evaluateNodeProperty(value, 'env', node, {})
      : (process.env[value.slice(2, -1)] ?? '');
    if (resolved === '') assertResolved(name, value);
    return [name, resolved];
  });
  return Object.fromEntries(entries) as Settings;
}

/**
 * Whom secrets are shown to. An access key id, a session token and what is computed with a secret go to the endpoint or,
 * without one, to AWS in the region's partition, by way of the proxy; with a role, the keys go to AWS's STS as well.
 */
function destinationOf(settings: Settings, secret: SecretName): string {
  const endpoint = textSetting(settings, 'endpoint');
  const region = textSetting(settings, 'userPoolId').split('_', 1)[0] ?? '';
  // A host is made of the region's name: one that is like no other gets secrets of its own.
  const partition = regionPattern.test(region) ? domainOf(region) : region;
  const usesRole = textSetting(settings, 'credentialsSource') === 'role';
  const role = usesRole && secret !== 'clientSecret' ? textSetting(settings, 'roleArn') : '';
  const server = endpoint === '' ? partition : endpoint;
  return JSON.stringify([server, textSetting(settings, 'proxy'), role, role && partition]);
}

/** Whether the secret is used at all with these settings. */
function isUsed(settings: Settings, secret: SecretName): boolean {
  const source = textSetting(settings, 'credentialsSource');
  if (secret === 'clientSecret' || secret === 'encryptionKey') return true;
  return textSetting(settings, 'api') !== 'client-side' && (source === 'keys' || source === 'role');
}

/**
 * What is to be tested: what was typed, and where nothing was, what is deployed. Secrets that were deployed go only where
 * they were deployed for.
 * @param deployed undefined for a node that was never deployed
 * @throws CognitoAuthError EnvironmentVariableUnset
 * @throws SecretsWithheld
 */
export function completeSettings(
  RED: NodeAPI,
  node: Node | undefined,
  deployed: Deployed | undefined,
  typed: Typed,
): { readonly settings: Settings; readonly secrets: Settings } {
  const settings = { ...deployed?.settings, ...resolve(RED, node, typed.settings) };
  const stored = deployed?.secrets ?? {};
  const kept = secretNames.filter((name) => !Object.hasOwn(typed.secrets, name) && textSetting(stored, name));
  const goesElsewhere = (name: SecretName): boolean =>
    name !== 'encryptionKey' && // which goes nowhere
    isUsed(settings, name) &&
    destinationOf(settings, name) !== destinationOf(deployed?.settings ?? {}, name);
  const withheld = kept.filter(goesElsewhere);
  if (withheld.length > 0) throw new SecretsWithheld(withheld);
  const own = Object.fromEntries(kept.map((name) => [name, stored[name]]));
  return { settings, secrets: { ...own, ...resolve(RED, node, typed.secrets) } };
}
