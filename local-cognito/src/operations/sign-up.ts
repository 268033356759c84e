import { emailPattern, isStandardAttribute, isWritable, LONGEST_VALUE } from '../attributes';
import type { ClientConfig } from '../config';
import { refuse } from '../exceptions';
import { flows, isEnabled } from '../flows/table';
import type { Pool } from '../pool';
import { checkPasswordPolicy } from '../protocol/password-policy';
import { checkSecretHash } from '../protocol/secret-hash';
import type { Service } from '../service';
import { simulatedDelivery } from '../sign-ups';
import type { User } from '../user';
import { hidesUsers } from '../user-existence';
import type { Input } from './input';
import { clientContext, clientId, session } from './members';
import type { Operation } from './operation';
import type { Member, Shape } from './shape';

const attributes: Member = {
  type: 'list',
  items: {
    Name: { type: 'text', required: true, min: 1, max: 32, pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u },
    Value: { type: 'text', max: LONGEST_VALUE, secret: true },
  },
};

const shape: Shape = {
  ClientId: clientId,
  SecretHash: { type: 'text', min: 1, max: 128, pattern: /^[\w+=/]+$/, secret: true },
  Username: {
    type: 'text',
    required: true,
    min: 1,
    max: 128,
    pattern: /^[\p{L}\p{M}\p{S}\p{N}\p{P}]+$/u,
    secret: true,
  },
  ...clientContext,
};

/** A new user, not confirmed yet. */
export const signUp: Operation = {
  signed: false,
  shape: {
    ...shape,
    Password: { type: 'text', max: 256, secret: true },
    UserAttributes: attributes,
    ValidationData: attributes,
  },
  run: (service, input) => {
    const { pool, client, username } = caller(service, input);
    // Assumption: in this order, so that a password that will not do tells nothing about users.
    const signInAttribute = checkUsername(pool, username);
    const password = input.text('Password');
    if (password) checkPasswordPolicy(pool.passwordPolicy, password);
    const given = checkAttributes(
      pool,
      client,
      input.attributes('UserAttributes'),
      signInAttribute ? { [signInAttribute]: username } : {},
    );
    if (!password && !signsInByCode(pool, given)) throw refuse('parameterMissing', { name: 'Password' });
    refuseTaken(pool, username, signInAttribute);
    const user = pool.addUser({
      username,
      status: 'UNCONFIRMED',
      attributes: given,
      ...(password ? { password } : {}),
    });
    const delivery = service.signUps.sendCode(pool, user);
    return {
      UserConfirmed: false,
      UserSub: user.sub,
      ...(delivery ? { CodeDeliveryDetails: delivery } : {}),
      ...nextSession(service, user, client),
    };
  },
};

/** Confirms a new user by the code that was sent. */
export const confirmSignUp: Operation = {
  signed: false,
  shape: {
    ...shape,
    ConfirmationCode: { type: 'text', required: true, min: 1, max: 2048, pattern: /^\S+$/, secret: true },
    ForceAliasCreation: { type: 'flag' },
    Session: session,
  },
  run: (service, input) => {
    const { pool, client, username } = caller(service, input);
    const { signUps } = service;
    const user = pool.findUser(username);
    if (!user) throw refuse(hidesUsers(client) ? 'confirmationCodeExpired' : 'usernameNotFound');
    if (!user.enabled) throw refuse('userDisabled');
    if (user.status !== 'UNCONFIRMED') throw refuse('notToBeConfirmed', { status: user.status });
    const sessionId = input.optionalText('Session');
    if (sessionId !== undefined) signUps.checkSession(sessionId, user, client);
    const attribute = signUps.judgeCode(user, input.text('ConfirmationCode'));
    takeAlias(pool, user, attribute, input.flag('ForceAliasCreation'));
    signUps.confirm(user, attribute);
    if (sessionId === undefined) return {};
    signUps.spendSession(sessionId);
    return nextSession(service, user, client, attribute);
  },
};

/** Sends a new code in place of the one before. */
export const resendConfirmationCode: Operation = {
  signed: false,
  shape,
  run: (service, input) => {
    const { pool, client, username } = caller(service, input);
    const user = pool.findUser(username);
    if (hidesUsers(client) && (!user?.enabled || user.status !== 'UNCONFIRMED')) {
      return { CodeDeliveryDetails: simulatedDelivery(pool, username) };
    }
    if (!user) throw refuse('usernameNotFound');
    if (!user.enabled) throw refuse('userDisabled');
    if (user.status !== 'UNCONFIRMED') throw refuse('alreadyConfirmed');
    const delivery = service.signUps.sendCode(pool, user);
    if (!delivery) throw refuse('autoVerificationOff');
    return { CodeDeliveryDetails: delivery };
  },
};

/** Where the request goes, its SecretHash checked over the Username as sent. */
function caller({ pools }: Service, input: Input): { pool: Pool; client: ClientConfig; username: string } {
  const id = input.text('ClientId');
  const pool = pools.ofClient(id);
  const client = pool.client(id);
  const username = input.text('Username');
  checkSecretHash(client, username, input.optionalText('SecretHash'));
  return { pool, client, username };
}

/** There is one only where the client has USER_AUTH (aws/aws-sdk-js-v3#6724). */
function nextSession(
  { signUps }: Service,
  user: User,
  client: ClientConfig,
  confirmed?: Contact,
): { Session?: string } {
  return isEnabled(flows.USER_AUTH, client) ? { Session: signUps.startSession(user, client, confirmed) } : {};
}

type Contact = 'email' | 'phone_number';

const kinds = {
  email: { kind: 'email', article: 'an email', pattern: emailPattern, invalid: 'addressInvalid' },
  phone_number: { kind: 'phone number', article: 'a phone number', pattern: /^\+\d{1,15}$/, invalid: 'numberInvalid' },
} as const;

const kindNames = ['email', 'phone_number'] as const;

/** @returns the attribute that stands for the username, in a pool with usernameAttributes */
function checkUsername({ config }: Pool, username: string): Contact | undefined {
  const kind = kindNames.find((name) => kinds[name].pattern.test(username));
  const { usernameAttributes = [], aliasAttributes = [] } = config;
  if (usernameAttributes.length > 0 && (!kind || !usernameAttributes.includes(kind))) {
    const articles = usernameAttributes.map((name) => kinds[name].article);
    throw refuse('usernameNotAttribute', { kinds: `${articles.length > 1 ? 'either ' : ''}${articles.join(' or ')}` });
  }
  if (kind && aliasAttributes.includes(kind)) throw refuse('usernameLikeAlias', { kind: kinds[kind].kind });
  return usernameAttributes.length > 0 ? kind : undefined;
}

/** The attributes of a new user, e-mail address and phone number not verified yet. @param own what the username says */
function checkAttributes(
  pool: Pool,
  client: ClientConfig,
  given: readonly [string, string][],
  own: Readonly<Record<string, string>>,
): Record<string, string> {
  for (const [name] of given) {
    if (!isStandardAttribute(name) && !name.startsWith('custom:')) throw refuse('attributeUnknown', { name });
    if (!isWritable(name, client.writeAttributes)) throw refuse('attributeNotWritable');
  }
  const values: Record<string, string> = { ...Object.fromEntries(given.filter(([, value]) => value !== '')), ...own };
  const missing = (pool.config.requiredAttributes ?? []).filter((name) => !values[name]);
  if (missing.length > 0) {
    const names = missing.map((name) => `${name}: The attribute is required`).join('\n');
    throw refuse('attributesRequired', { names });
  }
  for (const name of kindNames) {
    const value = values[name];
    if (value === undefined) continue;
    if (!kinds[name].pattern.test(value)) throw refuse(kinds[name].invalid);
    values[`${name}_verified`] = 'false';
  }
  return values;
}

/** A password may be left out, or blank, where codes alone sign in (API reference, SignUp, `Password`). */
function signsInByCode({ firstAuthFactors }: Pool, { email, phone_number }: Readonly<Record<string, string>>): boolean {
  return (
    (email !== undefined && firstAuthFactors.includes('EMAIL_OTP')) ||
    (phone_number !== undefined && firstAuthFactors.includes('SMS_OTP'))
  );
}

function refuseTaken(pool: Pool, username: string, signInAttribute: string | undefined): void {
  if (!pool.findUser(username)) return;
  throw signInAttribute ? refuse('attributeTaken', { name: signInAttribute }) : refuse('usernameTaken');
}

/**
 * An alias belongs to one user. With ForceAliasCreation it moves to the new one (API reference, ConfirmSignUp): the
 * other's attribute then counts as not verified.
 */
function takeAlias(pool: Pool, user: User, attribute: Contact, force: boolean): void {
  if (!pool.config.aliasAttributes?.includes(attribute)) return;
  const owner = pool.findUser(user.attributes[attribute] ?? '');
  if (!owner || owner === user) return;
  if (!force) throw refuse('aliasTaken', { name: attribute });
  owner.attributes[`${attribute}_verified`] = 'false';
}
