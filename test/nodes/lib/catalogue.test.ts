import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import 'should';
import { defaultSettings as initiateDefaults } from '../../../nodes/cognito-initiate-auth/handle-message';
import { defaultSettings as mfaSetupDefaults } from '../../../nodes/cognito-mfa-setup/handle-message';
import { defaultSettings as passkeySetupDefaults } from '../../../nodes/cognito-passkey-setup/handle-message';
import { defaultSettings as respondDefaults } from '../../../nodes/cognito-respond-to-challenge/handle-message';
import { defaultSettings as signOutDefaults } from '../../../nodes/cognito-sign-out/handle-message';
import { TokenHandler } from '../../../nodes/cognito-token/token-handler';
import { defaultSettings as verifyTokenDefaults } from '../../../nodes/cognito-verify-token/handle-message';
import { dialogTables } from '../../../nodes/lib/cognito/dialog-tables';
import { adviceKeys } from '../../../nodes/lib/cognito/error-advice';
import { ownErrorCodes } from '../../../nodes/lib/cognito/errors';
import { inputs } from '../../../nodes/lib/cognito/inputs';
import { refusals } from '../../../nodes/lib/cognito/token-rejections';
import type { Operation } from '../../../nodes/lib/cognito/sdk-client';
import { milestones } from '../../../nodes/lib/node-red/status';
import { documentedExceptions } from '../../support/documented-exceptions';

const root = path.resolve(__dirname, '../../../..');
const types = [
  'cognito-user-pool',
  'cognito-initiate-auth',
  'cognito-respond-to-challenge',
  'cognito-mfa-setup',
  'cognito-passkey-setup',
  'cognito-sign-out',
  'cognito-token',
  'cognito-verify-token',
] as const;
const shared = 'cognito-user-pool';

type Type = (typeof types)[number];

function read(...parts: string[]): string {
  return readFileSync(path.join(root, ...parts), 'utf8');
}

/** A catalogue as `key.below.key` and text. */
function catalogue(type: Type): Record<string, string> {
  const flatten = (value: unknown, key: string): [string, string][] =>
    typeof value === 'string'
      ? [[key, value]]
      : Object.entries(value as object).flatMap(([name, below]) => flatten(below, key ? `${key}.${name}` : name));
  return Object.fromEntries(flatten(JSON.parse(read('nodes', type, 'locales/en-US', `${type}.json`)), ''));
}

function html(type: Type): string {
  return read('nodes', type, `${type}.html`);
}

/** All code that shows texts. */
function everywhere(): string {
  const library = readdirSync(path.join(root, 'nodes/lib/node-red')).map((file) => read('nodes/lib/node-red', file));
  const answering = ['nodes/lib/cognito/pool-check.ts', 'nodes/cognito-user-pool/admin-answers.ts'].map((file) => read(file));
  const shownBy = ['cognito-dialog.js', 'cognito-pool-test.js'].map((file) => read('resources', file));
  return [...library, ...answering, ...shownBy, ...types.map(html)].join('\n');
}

interface Definition {
  readonly defaults: Record<string, { readonly value: unknown; readonly type?: string }>;
  readonly credentials?: Record<string, { readonly type: string }>;
}

/** What a node's HTML registers. */
function definition(type: Type): Definition {
  const registered: Record<string, Definition> = {};
  const scripts = [...html(type).matchAll(/<script type="text\/javascript">([\s\S]*?)<\/script>/g)];
  const nothing = (): undefined => undefined;
  const context = {
    window: { CognitoTables: dialogTables() },
    RED: {
      nodes: {
        registerType: (name: string, given: Definition) => {
          registered[name] = given;
        },
      },
    },
    CognitoDialog: new Proxy({}, { get: () => nothing }),
  };
  for (const [, script = ''] of scripts) vm.runInNewContext(script, context);
  return registered[type]!;
}

/** Every operation that the nodes use; one more does not compile until it stands here. */
const operations: Record<Operation, true> = {
  AdminInitiateAuth: true,
  AdminRespondToAuthChallenge: true,
  InitiateAuth: true,
  RespondToAuthChallenge: true,
  AssociateSoftwareToken: true,
  VerifySoftwareToken: true,
  SetUserMFAPreference: true,
  StartWebAuthnRegistration: true,
  CompleteWebAuthnRegistration: true,
  ConfirmDevice: true,
  UpdateDeviceStatus: true,
  GetTokensFromRefreshToken: true,
  RevokeToken: true,
  GlobalSignOut: true,
  AdminUserGlobalSignOut: true,
  GetUser: true,
  DescribeUserPool: true,
  DescribeUserPoolClient: true,
  GetUserPoolMfaConfig: true,
  ListUserPools: true,
  ListUserPoolClients: true,
};

/** What Cognito can answer to any operation that the nodes use. */
const cognitoExceptions = [
  ...new Set([...Object.keys(operations).flatMap(documentedExceptions), 'CognitoIdentityProviderServiceException']),
];

/** Of AWS as a whole, and of the operations around sign-in. */
const furtherExceptions = [
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'ExpiredTokenException',
  'RequestExpired',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'ThrottlingException',
];

describe('the message catalogues', () => {
  it('say what to do about every error, and about nothing else', () => {
    cognitoExceptions.length.should.be.above(20);
    const wanted = new Set([...cognitoExceptions, ...furtherExceptions, ...ownErrorCodes, ...adviceKeys]);
    const found = Object.keys(catalogue(shared)).flatMap((key) => /^errors\.(.+)$/.exec(key)?.slice(1) ?? []);
    found.sort().should.eql([...wanted].sort());
  });

  it('use in the errors only what the nodes fill in', () => {
    for (const [key, text] of Object.entries(catalogue(shared))) {
      if (!key.startsWith('errors.')) continue;
      const filled = [...text.matchAll(/__(\w+?)__/g)].map(([, name = '']) => name);
      const known = ['field', 'expected', 'source', 'systemCode', 'httpStatusCode', 'seconds', 'until'];
      filled.filter((name) => !known.includes(name)).should.eql([], key);
    }
  });

  it('give the advice of Cognito’s exceptions without words for what only our own errors know', () => {
    const texts = catalogue(shared);
    for (const exception of [...cognitoExceptions, ...furtherExceptions]) {
      texts[`errors.${exception}`]!.should.not.match(/__\w+__/);
    }
  });

  it('have a label for every input, and for nothing else', () => {
    const labels = Object.keys(catalogue(shared)).filter((key) => key.startsWith('inputs.'));
    const wanted = [...Object.keys(inputs), 'authFlow', 'challengeName', 'token'].map((name) => `inputs.${name}`);
    labels.sort().should.eql(wanted.sort());
  });

  it('explain every reason to reject a token', () => {
    const help = read('nodes/cognito-verify-token/locales/en-US/cognito-verify-token.html');
    for (const reason of Object.keys(refusals)) help.should.containEql(`<dt>${reason}</dt>`);
  });

  it('have words for everything that a status tells', () => {
    const found = Object.keys(catalogue(shared)).filter((key) => key.startsWith('status.'));
    found.sort().should.eql(['inFlight', ...milestones].map((key) => `status.${key}`).sort());
  });

  for (const type of types) {
    it(`have every text that the dialog of ${type} shows`, () => {
      const texts = catalogue(type);
      const keys = [...html(type).matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map(([, key = '']) => key);
      const called = [...html(type).matchAll(/this\._\((?:index === 0 \? )?'([^']+)'(?: : '([^']+)')?/g)];
      for (const key of [...keys, ...called.flatMap(([, ...found]) => found.filter(Boolean))]) {
        texts.should.have.property(key);
      }
    });
  }

  it('have every shared text that code asks for by its key', () => {
    const asked = /(?:\btext\(|\btranslate\(\s*[\w.#]*RED,\s*)['`]([\w.]+)['`]/g;
    const keys = [...everywhere().matchAll(asked)].map(([, key = '']) => key);
    keys.should.containDeep(['aborted', 'validation.required', 'options.noFirstFactor']);
    catalogue(shared).should.have.properties(keys);
  });

  it('hold no text that nothing shows', () => {
    const sources = everywhere();
    // Made from names in the code: `errors.${code}` and the like are tested above.
    const computed = /^(errors|inputs|palette|status|units)\./;
    const answered = /^pool(?:Test|Subjects|Facts)\.(\w+)$/;
    const validated = /^(?:validation|label)\.(\w+)$/;
    for (const type of types) {
      for (const key of Object.keys(catalogue(type))) {
        if (computed.test(key)) continue;
        const name = validated.exec(key)?.[1];
        const reason = answered.exec(key)?.[1];
        const isShown =
          (reason !== undefined && new RegExp(`'${reason}'|\\b${reason}:`).test(sources)) ||
          new RegExp(`['"\`\\]]${key.replace('.', '\\.')}['"\`]`).test(sources) ||
          (name !== undefined && new RegExp(`valid\\(\\s*'${name}'`).test(sources));
        isShown.should.be.true(`${type}: ${key}`);
      }
    }
  });
});

describe('the dialogs', () => {
  const takenForGranted = {
    'cognito-initiate-auth': initiateDefaults,
    'cognito-respond-to-challenge': respondDefaults,
    'cognito-mfa-setup': mfaSetupDefaults,
    'cognito-passkey-setup': passkeySetupDefaults,
    'cognito-sign-out': signOutDefaults,
    'cognito-token': new TokenHandler(Promise.resolve()).defaultSettings,
    'cognito-verify-token': verifyTokenDefaults,
  };

  for (const type of Object.keys(takenForGranted) as (keyof typeof takenForGranted)[]) {
    it(`start ${type} with what the node takes for granted`, () => {
      const { defaults } = definition(type);
      const settings = Object.fromEntries(Object.entries(defaults).map(([name, { value }]) => [name, value]));
      settings.should.containEql(takenForGranted[type]);
    });

    it(`save a type beside every input of ${type}`, () => {
      const { defaults } = definition(type);
      const settings = Object.keys(defaults);
      const plain = [...html(type).matchAll(/<(?:input|select)[^>]* id="node-input-(\w+)"/g)].map(([, name = '']) => name);
      for (const name of settings) {
        if (!plain.includes(name) && !name.endsWith('Type')) settings.should.containEql(`${name}Type`);
      }
    });

    it(`keep every secret of ${type} with the credentials, as a password`, () => {
      const { defaults, credentials = {} } = definition(type);
      const secrets = Object.keys(inputs).filter(
        (name) => name in defaults && 'secret' in inputs[name as keyof typeof inputs],
      );
      Object.keys(credentials).sort().should.eql(secrets.sort());
      for (const { type: kind } of Object.values(credentials)) kind.should.equal('password');
      const source = read('nodes', type, `${type}.ts`);
      const registered = /credentials: \{([^}]*)\}/.exec(source)?.[1] ?? '';
      [...registered.matchAll(/(\w+): secret/g)]
        .map(([, name]) => name)
        .sort()
        .should.eql(secrets.sort());
    });
  }

  it('start a user pool server-side, with 15 s for a call', () => {
    const { defaults, credentials = {} } = definition('cognito-user-pool');
    defaults.api!.value!.should.equal('server-side');
    defaults.credentialsSource!.value!.should.equal('default');
    defaults.timeout!.value!.should.equal(15);
    defaults.proxy!.type!.should.equal('http proxy');
    for (const { type } of Object.values(credentials)) type.should.equal('password');
  });
});
