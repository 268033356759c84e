import should from 'should';
import { password, poolId } from '../../../support/pools';
import { type Setup, SignInFlow, stopFlowAfterEach, TestPool, typed } from '../../../support/sign-in-flow';

describe('a typed input', () => {
  const pool = new TestPool();
  stopFlowAfterEach();

  const start = (rest: Setup) => SignInFlow.start({ ...pool.serverSide(), ...rest });

  /** Sets an environment variable for one test. */
  function setVariable(name: string, value: string): void {
    process.env[name] = value;
    after(() => Reflect.deleteProperty(process.env, name));
  }

  it('reads a message property', async () => {
    const flow = await start({ settings: { ...typed('username', 'msg', 'who'), ...typed('password', 'msg', 'word') } });
    await flow.signedIn({ who: 'ada', word: password });
  });

  it('reads credentials', async () => {
    const flow = await start({
      settings: { ...typed('username', 'str', 'ada'), ...typed('password', 'cred') },
      credentials: { password },
    });
    await flow.signedIn({ payload: 'tick' });
  });

  it('reads flow context', async () => {
    const flow = await start({
      settings: { ...typed('username', 'flow', 'who'), ...typed('password', 'flow', 'word') },
    });
    const context = flow.node.context().flow;
    context.set('who', 'ada');
    context.set('word', password);
    await flow.signedIn({});
    should(context.get('word')).equal(password); // only messages are cleaned
  });

  it('reads global context', async () => {
    const flow = await start({
      settings: { ...typed('username', 'global', 'who'), ...typed('password', 'global', 'pw.word') },
    });
    const context = flow.node.context().global;
    context.set('who', 'ada');
    context.set('pw', { word: password });
    await flow.signedIn({});
  });

  it('evaluates JSONata', async () => {
    const flow = await start({
      settings: {
        ...typed('username', 'jsonata', '$lowercase(payload.user.name)'),
        ...typed('password', 'jsonata', 'payload.parts[0] & payload.parts[1]'),
      },
    });
    await flow.signedIn({ payload: { user: { name: 'ADA' }, parts: [password.slice(0, 5), password.slice(5)] } });
  });

  it('reads environment variables', async () => {
    setVariable('COGNITO_TEST_WHO', 'ada');
    setVariable('COGNITO_TEST_WORD', password);
    const flow = await start({
      settings: { ...typed('username', 'env', 'COGNITO_TEST_WHO'), ...typed('password', 'env', 'COGNITO_TEST_WORD') },
    });
    await flow.signedIn({});
  });

  it('reads environment variables named as ${NAME}, in settings and in credentials', async () => {
    setVariable('COGNITO_TEST_POOL', poolId);
    setVariable('COGNITO_TEST_WORD', password);
    const { pool: settings, poolCredentials } = pool.serverSide();
    const flow = await SignInFlow.start({
      pool: { ...settings, userPoolId: '${COGNITO_TEST_POOL}' },
      ...(poolCredentials && { poolCredentials }),
      settings: typed('password', 'cred'),
      credentials: { password: '${COGNITO_TEST_WORD}' },
    });
    await flow.signedIn({ payload: { username: 'ada' } });
  });

  describe('whose environment variable is not set is refused by field and variable:', () => {
    const unset = 'COGNITO_TEST_NOT_SET';
    const ada = () => ({ payload: { username: 'ada', password } });

    const cases: Record<string, [field: string, setup: () => Setup]> = {
      'a text input': ['username', () => ({ ...pool.serverSide(), settings: typed('username', 'env', unset) })],
      'a secret input': ['password', () => ({ ...pool.serverSide(), settings: typed('password', 'env', unset) })],
      '${NAME} in a text input': [
        'username',
        () => ({ ...pool.serverSide(), settings: typed('username', 'str', `\${${unset}}`) }),
      ],
      '${NAME} in a credential': [
        'password',
        () => ({
          ...pool.serverSide(),
          settings: typed('password', 'cred'),
          credentials: { password: `\${${unset}}` },
        }),
      ],
      '${NAME} in the flow': [
        'authFlow',
        () => ({ ...pool.serverSide(), settings: typed('authFlow', 'str', `\${${unset}}`) }),
      ],
      '${NAME} as the pool’s id': ['userPoolId', () => pool.serverSide({ userPoolId: `\${${unset}}` })],
      '${NAME} as the client’s id': ['clientId', () => pool.serverSide({ clientId: `\${${unset}}` })],
      '${NAME} as the endpoint': ['endpoint', () => pool.serverSide({ endpoint: `\${${unset}}` })],
      '${NAME} as the client secret': ['clientSecret', () => pool.serverSide({}, { clientSecret: `\${${unset}}` })],
      '${NAME} as the secret access key': [
        'secretAccessKey',
        () => pool.serverSide({}, { secretAccessKey: `\${${unset}}` }),
      ],
      '${NAME} as the timeout': ['timeout', () => pool.serverSide({ timeout: `\${${unset}}` })],
    };
    for (const [description, [field, setup]] of Object.entries(cases)) {
      it(description, async () => {
        const flow = await SignInFlow.start(setup());
        const { error } = await flow.caught(ada(), 'EnvironmentVariableUnset');
        should(error.cause).match({ field, expected: unset });
        should(pool.local.requests).be.empty();
      });
    }
  });

  describe('of the wrong kind is refused by name:', () => {
    const cases: Record<string, [field: string, settings: Record<string, unknown>, msg: object]> = {
      'a name that is an object': ['username', {}, { payload: { username: { name: 'ada' }, password } }],
      'a flow that is a number': [
        'authFlow',
        typed('authFlow', 'msg', 'how'),
        { how: 5, payload: { username: 'ada', password } },
      ],
      'JSONata that does not parse': ['username', typed('username', 'jsonata', '$$$(('), { payload: { password } }],
      'JSON that does not parse': [
        'clientMetadata',
        typed('clientMetadata', 'json', '{'),
        { payload: { username: 'ada', password } },
      ],
    };
    for (const [description, [field, settings, msg]] of Object.entries(cases)) {
      it(description, async () => {
        const flow = await start({ settings });
        const { error } = await flow.caught(msg, 'InputInvalid');
        should(error.cause).have.property('field', field);
        should(pool.local.requests).be.empty();
      });
    }
  });

  it('that is empty is the same as not given', async () => {
    const flow = await start({});
    for (const payload of [{ username: '', password }, { username: null, password }, { password }]) {
      const { error } = await flow.caught({ payload }, 'InputMissing');
      should(error.cause).have.property('field', 'username');
    }
  });

  describe('for a secret', () => {
    for (const type of ['str', 'json', 'num', 'bin', '']) {
      it(`may not be of type “${type}”, which would land in exported flows`, async () => {
        const value = { json: '"Right-Password-1"', num: '12345678', bin: '[1,2,3]' }[type] ?? password;
        const flow = await start({ settings: typed('password', type, value) });
        const { error } = await flow.caught({ payload: { username: 'ada' } }, 'InputInvalid');
        should(error.cause).match({ field: 'password', expected: 'cred, msg, flow, global, jsonata, env' });
        should(error.message).not.containEql(password);
        should(pool.local.requests).be.empty();
      });
    }

    it('may be typed into extra parameters only as long as none of them is known for a secret', async () => {
      const ada = () => ({ payload: { username: 'ada', password } });
      const harmless = await start({ settings: typed('extraParameters', 'json', '{"MORE":"of it"}') });
      await harmless.signedIn(ada());
      should(pool.lastRequest.AuthParameters).have.property('MORE', 'of it');
      for (const parameter of ['PASSWORD', 'NEW_PASSWORD', 'REFRESH_TOKEN', 'SMS_MFA_CODE', 'ANSWER']) {
        const flow = await start({ settings: typed('extraParameters', 'json', JSON.stringify({ [parameter]: 'x' })) });
        const { error } = await flow.caught(ada(), 'InputInvalid');
        should(error.cause).have.property('field', parameter);
      }
    });
  });
});
