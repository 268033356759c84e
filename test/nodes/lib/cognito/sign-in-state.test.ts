import should from 'should';
import { isSignInState, readSignInState } from '../../../../nodes/lib/cognito/sign-in-state';

const open = {
  version: 1,
  userPoolId: 'eu-west-1_AbCdEfGhI',
  clientId: '1example23456789',
  api: 'server-side',
  authFlow: 'ADMIN_USER_PASSWORD_AUTH',
  issuedAt: 1_770_000_000_000,
  username: 'ada',
  challengeName: 'SMS_MFA',
  session: 'AYABeExample',
  challengeParameters: { CODE_DELIVERY_DELIVERY_MEDIUM: 'SMS' },
  availableChallenges: ['SMS_MFA', 'EMAIL_OTP'],
};
const finished = {
  version: 1,
  userPoolId: 'eu-west-1_AbCdEfGhI',
  clientId: '1example23456789',
  api: 'client-side',
  authFlow: 'USER_SRP_AUTH',
  issuedAt: 1_770_000_000_000,
  claims: { sub: '…', email_verified: true, 'cognito:groups': ['a'] },
  expiresAt: 1_770_003_600_000,
};

describe('a carried sign-in', () => {
  it('is recognised while a challenge is open, and once signed in', () => {
    should(isSignInState(open)).be.true();
    should(isSignInState(finished)).be.true();
  });

  it('survives JSON', () => {
    should(readSignInState(JSON.parse(JSON.stringify(open)))).deepEqual(open);
  });

  it('keeps fields that a later minor version adds', () => {
    should(readSignInState({ ...open, tomorrow: 'x' })).have.property('tomorrow', 'x');
  });

  const shapes: [description: string, value: unknown][] = [
    ['nothing', undefined],
    ['null', null],
    ['text', JSON.stringify(open)],
    ['a list', [open]],
    ['an empty object', {}],
    ['one of a later version', { ...open, version: 2 }],
    ['one whose version is text', { ...open, version: '1' }],
    ['one without a pool', { ...open, userPoolId: undefined }],
    ['one without a client', { ...open, clientId: undefined }],
    ['one without a flow', { ...open, authFlow: undefined }],
    ['one of an unknown API', { ...open, api: 'sideways' }],
    ['one whose API is a property of every object', { ...open, api: 'constructor' }],
    ['one without a time', { ...open, issuedAt: undefined }],
    ['one whose time is text', { ...open, issuedAt: '2026-01-01' }],
    ['one whose time is no number', { ...open, issuedAt: NaN }],
    ['one whose name is an object', { ...open, username: { toString: 'ada' } }],
    ['one whose session is a number', { ...open, session: 17 }],
    ['one whose challenge is a list', { ...open, challengeName: ['SMS_MFA'] }],
    ['one whose parameters are text', { ...open, challengeParameters: '{}' }],
    ['one whose parameters hold an object', { ...open, challengeParameters: { SALT: {} } }],
    ['one whose offers are no list', { ...open, availableChallenges: 'SMS_MFA' }],
    ['one whose offers are numbers', { ...open, availableChallenges: [1] }],
    ['one whose claims are text', { ...finished, claims: 'admin' }],
    ['one whose end is text', { ...finished, expiresAt: 'tomorrow' }],
    ['one whose device key is a number', { ...open, deviceKey: 5 }],
  ];
  for (const [description, value] of shapes) {
    it(`is not ${description}`, () => {
      should(isSignInState(value)).be.false();
      should(() => readSignInState(value)).throw({ code: 'SignInStateInvalid' });
    });
  }
});
