import should from 'should';
import { changedPool, Practice, refused, secretHash } from './support';

describe('NEW_PASSWORD_REQUIRED', () => {
  const practice = new Practice(() =>
    changedPool((pool) => {
      pool.clients[1]!.writeAttributes = ['name', 'email', 'nickname', 'phone_number', 'custom:plant'];
    }),
  );
  const start = () => practice.password('grace', 'Temporary-1234');
  const answer = async (responses: Record<string, string>, session?: string) =>
    practice.answer('NEW_PASSWORD_REQUIRED', { USERNAME: 'grace', ...responses }, session ?? (await start()).Session);
  const complete = { NEW_PASSWORD: 'Lasting-1234', 'userAttributes.name': 'Grace' };

  it('tells which attributes are missing and which there are, as JSON strings', async () => {
    const { ChallengeName, ChallengeParameters } = await start();
    should(ChallengeName).equal('NEW_PASSWORD_REQUIRED');
    should(ChallengeParameters).deepEqual({
      USER_ID_FOR_SRP: 'grace',
      requiredAttributes: '["userAttributes.name"]',
      userAttributes: '{"email":"grace@example.com","email_verified":"true"}',
    });
  });

  it('sets password and attributes, then goes on to MFA', async () => {
    const { ChallengeName } = await answer({ ...complete, 'userAttributes.custom:plant': 'Hall 3' });
    should(ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    should(practice.user('grace').status).equal('CONFIRMED');
    should(practice.user('grace').attributes).match({ name: 'Grace', 'custom:plant': 'Hall 3' });
    should((await practice.password('grace', 'Lasting-1234')).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
    await refused(start(), 'NotAuthorizedException', 'Incorrect username or password.');
  });

  it('gives tokens to a user without MFA', async () => {
    practice.user('ada').setTemporaryPassword('Temporary-5678', practice.local.clock.now());
    const { Session } = await practice.adminPassword('ada', 'Temporary-5678');
    const names = { USERNAME: 'ada', SECRET_HASH: secretHash('ada'), NEW_PASSWORD: 'Lasting-1234' };
    should((await practice.adminAnswer('NEW_PASSWORD_REQUIRED', names, Session)).AuthenticationResult).have.property(
      'AccessToken',
    );
  });

  for (const [password, complaint] of [
    ['Sh0r-t', 'Password not long enough'],
    ['UPPER-1234', 'Password must have lowercase characters'],
    ['lower-1234', 'Password must have uppercase characters'],
    ['No-numbers', 'Password must have numeric characters'],
    ['NoSymbols1', 'Password must have symbol characters'],
  ] as const) {
    it(`refuses ${password}: ${complaint}`, () =>
      refused(
        answer({ ...complete, NEW_PASSWORD: password }),
        'InvalidPasswordException',
        `Password did not conform with policy: ${complaint}`,
      ));
  }

  it('leaves session, password and attributes as they were after a refusal', async () => {
    const { Session } = await start();
    await answer({ ...complete, NEW_PASSWORD: 'short' }, Session).should.be.rejected();
    should(practice.user('grace').attributes).not.have.property('name');
    should((await answer(complete, Session)).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
  });

  it('insists on a required attribute', async () => {
    const missing = ['InvalidParameterException', 'Invalid attributes given, name is missing'] as const;
    await refused(answer({ NEW_PASSWORD: 'Lasting-1234' }), ...missing);
    await refused(answer({ ...complete, 'userAttributes.name': '' }), ...missing);
  });

  it('does not change a required attribute that has a value', () =>
    refused(
      answer({ ...complete, 'userAttributes.email': 'new@example.com' }),
      'NotAuthorizedException',
      'Cannot modify an already provided email',
    ));

  it('refuses attributes that the client may not write', async () => {
    const unauthorized = ['NotAuthorizedException', 'A client attempted to write unauthorized attribute'] as const;
    await refused(answer({ ...complete, 'userAttributes.locale': 'de' }), ...unauthorized);
    await refused(answer({ ...complete, 'userAttributes.email_verified': 'true' }), ...unauthorized);
    await refused(answer({ ...complete, 'userAttributes.sub': 'x' }), ...unauthorized);
  });

  it('refuses attributes that do not exist', () =>
    refused(
      answer({ ...complete, 'userAttributes.shoeSize': '43' }),
      'InvalidParameterException',
      'Attributes did not conform to the schema: shoeSize: Attribute does not exist in the schema.',
    ));

  it('marks a new phone number as not verified', async () => {
    await answer({ ...complete, 'userAttributes.phone_number': '+12025550101' });
    should(practice.user('grace').attributes).match({ phone_number: '+12025550101', phone_number_verified: 'false' });
  });

  it('is answered once, in however many sign-ins it was posed', async () => {
    const [first, second] = [await start(), await start()];
    await answer(complete, first.Session);
    await refused(
      answer({ NEW_PASSWORD: 'Another-1234', 'userAttributes.nickname': 'Amazing' }, second.Session),
      'NotAuthorizedException',
      'Invalid session for the user.',
    );
    should(practice.user('grace').attributes).not.have.property('nickname');
    should((await practice.password('grace', 'Lasting-1234')).ChallengeName).equal('SOFTWARE_TOKEN_MFA');
  });

  it('asks for a missing NEW_PASSWORD', () =>
    refused(answer({}), 'InvalidParameterException', 'Missing required parameter NEW_PASSWORD'));
});
