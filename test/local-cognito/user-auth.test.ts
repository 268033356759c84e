import { AuthFlowType, DescribeUserPoolCommand, InitiateAuthCommand } from '@aws-sdk/client-cognito-identity-provider';
import { createSrpSession, signSrpSession } from 'cognito-srp-helper';
import should from 'should';
import { choiceApis } from './choice';
import {
  changedPool,
  GATEWAY,
  MINUTE,
  oneWins,
  PASSWORD,
  POOL,
  Practice,
  refused,
  secretHash,
  without,
} from './support';

const WRONG = ['NotAuthorizedException', 'Incorrect username or password.'] as const;
const USED = ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.'] as const;
const EXPIRED = ['NotAuthorizedException', 'Invalid session for the user, session is expired.'] as const;
const BOGUS = ['NotAuthorizedException', 'Invalid session for the user.'] as const;
const CODE_WRONG = ['CodeMismatchException', 'Invalid code or auth state for the user.'] as const;
const NOT_OFFERED = ['InvalidParameterException', 'ANSWER is not one of the available challenges'] as const;

const missing = (name: string) => ['InvalidParameterException', `Missing required parameter ${name}`] as const;

const otherThan = (code: string) => (code === '00000000' ? '11111111' : '00000000').slice(0, code.length);

describe('choice-based sign-in', () => {
  const practice = new Practice();

  for (const [by, { start, answer }] of Object.entries(choiceApis(practice))) {
    const prefer = (USERNAME: string, PREFERRED_CHALLENGE: string, more = {}) =>
      start({ USERNAME, PREFERRED_CHALLENGE, ...more });
    const choose = async (USERNAME: string, ANSWER: string, more = {}) => {
      const { Session } = await start({ USERNAME });
      return answer('SELECT_CHALLENGE', { USERNAME, ANSWER, ...more }, Session);
    };
    const srp = (USERNAME: string, password = PASSWORD) => {
      const session = createSrpSession(USERNAME, password, POOL, false);
      return {
        SRP_A: session.largeA,
        prove: (parameters: Record<string, string>) => {
          const signed = signSrpSession(session, { ChallengeParameters: parameters });
          return answer('PASSWORD_VERIFIER', {
            USERNAME: parameters.USER_ID_FOR_SRP!,
            PASSWORD_CLAIM_SIGNATURE: signed.passwordSignature,
            PASSWORD_CLAIM_SECRET_BLOCK: signed.secret,
            TIMESTAMP: signed.timestamp,
          });
        },
      };
    };

    describe(by, () => {
      describe('offers', () => {
        it('the password twice and a code, to a user with a verified e-mail address', async () => {
          const response = await start({ USERNAME: 'ada' });
          should(response).have.properties({
            ChallengeName: 'SELECT_CHALLENGE',
            AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP'],
          });
          should(response.Session).be.a.String();
          should(response.ChallengeParameters).have.property('USER_ID_FOR_SRP', 'ada');
        });

        it('codes alone to a user without a password', async () => {
          should(await start({ USERNAME: 'olga' })).have.property('AvailableChallenges', ['EMAIL_OTP', 'SMS_OTP']);
        });

        it('passwords alone to a user with MFA', async () => {
          for (const USERNAME of ['gateway', 'sam', 'emma', 'lin']) {
            should(await start({ USERNAME })).have.property('AvailableChallenges', ['PASSWORD', 'PASSWORD_SRP']);
          }
        });

        it('no code to an address that is not verified', async () => {
          practice.user('ada').attributes.email_verified = 'false';
          should(await start({ USERNAME: 'ada' })).have.property('AvailableChallenges', ['PASSWORD', 'PASSWORD_SRP']);
        });

        it('nothing to a user who has nothing', async () => {
          practice.user('olga').attributes.email_verified = 'false';
          practice.user('olga').attributes.phone_number_verified = 'false';
          await refused(
            start({ USERNAME: 'olga' }),
            'NotAuthorizedException',
            'There is no challenge that the user can meet',
          );
        });

        it('the choice instead of a preference that the user cannot meet', async () => {
          const answers = [
            await prefer('gateway', 'EMAIL_OTP'),
            await prefer('ada', 'WEB_AUTHN'),
            await prefer('ada', 'SMS_OTP'),
            await prefer('olga', 'PASSWORD', { PASSWORD }),
            await prefer('ada', 'CARRIER_PIGEON'),
          ];
          for (const response of answers) should(response).have.property('ChallengeName', 'SELECT_CHALLENGE');
        });
      });

      describe('by password', () => {
        it('signs in with the first call', async () => {
          const { AuthenticationResult, ChallengeName } = await prefer('ada', 'PASSWORD', { PASSWORD });
          should(AuthenticationResult).have.properties(['AccessToken', 'IdToken', 'RefreshToken']);
          should(ChallengeName).be.undefined();
        });

        it('signs in with the choice', async () => {
          should((await choose('ada', 'PASSWORD', { PASSWORD })).AuthenticationResult).have.property('AccessToken');
        });

        it('asks for the password when it was not given', async () => {
          for (const ask of [() => prefer('ada', 'PASSWORD'), () => choose('ada', 'PASSWORD')]) {
            const { ChallengeName, Session } = await ask();
            should(ChallengeName).equal('PASSWORD');
            const names = { USERNAME: 'ada', PASSWORD };
            await refused(answer('PASSWORD', without('PASSWORD', names), Session), ...missing('PASSWORD'));
            should((await answer('PASSWORD', names, Session)).AuthenticationResult).have.property('AccessToken');
            await refused(answer('PASSWORD', names, Session), ...USED);
          }
        });

        it('ends the attempt with a wrong password', async () => {
          await refused(prefer('ada', 'PASSWORD', { PASSWORD: 'Wrong-1234' }), ...WRONG);
          const { Session } = await start({ USERNAME: 'ada' });
          const select = { USERNAME: 'ada', ANSWER: 'PASSWORD' };
          await refused(answer('SELECT_CHALLENGE', { ...select, PASSWORD: 'Wrong-1234' }, Session), ...WRONG);
          await refused(answer('SELECT_CHALLENGE', { ...select, PASSWORD }, Session), ...USED);
          const asked = await prefer('ada', 'PASSWORD');
          await refused(answer('PASSWORD', { USERNAME: 'ada', PASSWORD: 'Wrong-1234' }, asked.Session), ...WRONG);
          await refused(answer('PASSWORD', { USERNAME: 'ada', PASSWORD }, asked.Session), ...USED);
        });

        it('goes on with MFA', async () => {
          const { ChallengeName, Session } = await prefer('emma', 'PASSWORD', { PASSWORD });
          should(ChallengeName).equal('EMAIL_OTP');
          const names = { USERNAME: 'emma', EMAIL_OTP_CODE: practice.codeOf('emma') };
          should((await answer('EMAIL_OTP', names, Session)).AuthenticationResult).have.property('AccessToken');
          should(await choose('gateway', 'PASSWORD', { PASSWORD })).have.property(
            'ChallengeName',
            'SOFTWARE_TOKEN_MFA',
          );
          should(await choose('lin', 'PASSWORD', { PASSWORD })).have.property('ChallengeName', 'SELECT_MFA_TYPE');
        });

        it('goes on with NEW_PASSWORD_REQUIRED', async () => {
          const response = await choose('grace', 'PASSWORD', { PASSWORD: 'Temporary-1234' });
          should(response).have.property('ChallengeName', 'NEW_PASSWORD_REQUIRED');
        });

        it('refuses users whose state forbids it, as other flows do', async () => {
          await refused(start({ USERNAME: 'disabled' }), 'NotAuthorizedException', 'User is disabled.');
          await refused(
            prefer('unconfirmed', 'PASSWORD', { PASSWORD }),
            'UserNotConfirmedException',
            'User is not confirmed.',
          );
          await refused(
            choose('reset', 'PASSWORD', { PASSWORD }),
            'PasswordResetRequiredException',
            'Password reset required for the user',
          );
        });

        it('locks out as other flows do', async () => {
          for (let i = 0; i < 5; i++) await refused(prefer('ada', 'PASSWORD', { PASSWORD: 'Wrong-1234' }), ...WRONG);
          await refused(
            choose('ada', 'PASSWORD', { PASSWORD }),
            'NotAuthorizedException',
            'Password attempts exceeded',
          );
        });
      });

      describe('by SRP', () => {
        it('goes straight to the proof', async () => {
          const client = srp('ada');
          const response = await prefer('ada', 'PASSWORD_SRP', { SRP_A: client.SRP_A });
          should(response).have.properties({
            ChallengeName: 'PASSWORD_VERIFIER',
            AvailableChallenges: ['PASSWORD', 'PASSWORD_SRP', 'EMAIL_OTP'],
          });
          should((await client.prove(response.ChallengeParameters!)).AuthenticationResult).have.property('AccessToken');
        });

        it('takes SRP_A with the choice, or when asked for it', async () => {
          const chosen = srp('ada');
          const { ChallengeParameters } = await choose('ada', 'PASSWORD_SRP', { SRP_A: chosen.SRP_A });
          should((await chosen.prove(ChallengeParameters!)).AuthenticationResult).have.property('AccessToken');
          for (const ask of [() => prefer('ada', 'PASSWORD_SRP'), () => choose('ada', 'PASSWORD_SRP')]) {
            const { ChallengeName, Session } = await ask();
            should(ChallengeName).equal('PASSWORD_SRP');
            await refused(answer('PASSWORD_SRP', { USERNAME: 'ada' }, Session), ...missing('SRP_A'));
            await refused(
              answer('PASSWORD_SRP', { USERNAME: 'ada', SRP_A: 'no hex' }, Session),
              'InvalidParameterException',
              'Invalid SRP_A.',
            );
            const client = srp('ada');
            const posed = await answer('PASSWORD_SRP', { USERNAME: 'ada', SRP_A: client.SRP_A }, Session);
            should((await client.prove(posed.ChallengeParameters!)).AuthenticationResult).have.property('AccessToken');
          }
        });

        it('refuses the proof of a wrong password', async () => {
          const client = srp('ada', 'Wrong-1234');
          const { ChallengeParameters } = await prefer('ada', 'PASSWORD_SRP', { SRP_A: client.SRP_A });
          await refused(client.prove(ChallengeParameters!), ...WRONG);
        });

        it('goes on with MFA', async () => {
          const client = srp('gateway');
          const { ChallengeParameters } = await choose('gateway', 'PASSWORD_SRP', { SRP_A: client.SRP_A });
          should(await client.prove(ChallengeParameters!)).have.property('ChallengeName', 'SOFTWARE_TOKEN_MFA');
        });
      });

      for (const [challenge, key, digits, medium, destination] of [
        ['EMAIL_OTP', 'EMAIL_OTP_CODE', 8, 'EMAIL', 'o***@e***'],
        ['SMS_OTP', 'SMS_OTP_CODE', 6, 'SMS', '+*******0167'],
      ] as const) {
        describe(`by ${challenge}`, () => {
          it('sends a code and takes it, preferred or chosen', async () => {
            for (const ask of [() => prefer('olga', challenge), () => choose('olga', challenge)]) {
              const { ChallengeName, ChallengeParameters, Session } = await ask();
              should(ChallengeName).equal(challenge);
              should(ChallengeParameters).have.properties({
                CODE_DELIVERY_DELIVERY_MEDIUM: medium,
                CODE_DELIVERY_DESTINATION: destination,
              });
              const code = practice.codeOf('olga');
              should(code).have.length(digits);
              const names = { USERNAME: 'olga', [key]: code };
              should((await answer(challenge, names, Session)).AuthenticationResult).have.property('AccessToken');
              await refused(answer(challenge, names, Session), ...USED);
            }
          });

          it('tells the choices beside a preferred challenge', async () => {
            should(await prefer('olga', challenge)).have.property('AvailableChallenges', ['EMAIL_OTP', 'SMS_OTP']);
          });

          it('lets a mistyped code be corrected', async () => {
            const { Session } = await prefer('olga', challenge);
            const code = practice.codeOf('olga');
            const wrong = { USERNAME: 'olga', [key]: otherThan(code) };
            await refused(answer(challenge, wrong, Session), ...CODE_WRONG);
            await refused(answer(challenge, { USERNAME: 'olga' }, Session), ...missing(key));
            await answer(challenge, { USERNAME: 'olga', [key]: code }, Session);
          });

          it('does not take the code of another attempt', async () => {
            await prefer('olga', challenge);
            const stale = practice.codeOf('olga');
            const { Session } = await prefer('olga', challenge);
            const names = { USERNAME: 'olga', [key]: stale };
            // By chance the two codes may be the same one.
            if (stale !== practice.codeOf('olga')) await refused(answer(challenge, names, Session), ...CODE_WRONG);
          });

          it('is won by one of several answers at once', async () => {
            const { Session } = await prefer('olga', challenge);
            const names = { USERNAME: 'olga', [key]: practice.codeOf('olga') };
            await oneWins(
              [1, 2, 3].map(() => answer(challenge, names, Session)),
              USED[1],
            );
          });
        });
      }

      it('confirms a user by a code, and the address with it', async () => {
        const { Session } = await prefer('unconfirmed', 'EMAIL_OTP');
        const names = { USERNAME: 'unconfirmed', EMAIL_OTP_CODE: practice.codeOf('unconfirmed') };
        should((await answer('EMAIL_OTP', names, Session)).AuthenticationResult).have.property('AccessToken');
        should(practice.user('unconfirmed')).have.property('status', 'CONFIRMED');
        should(practice.user('unconfirmed').attributes).have.property('email_verified', 'true');
      });

      it('refuses a choice that was not offered, and leaves the session for another', async () => {
        const { Session } = await start({ USERNAME: 'ada' });
        const select = (ANSWER: string) => answer('SELECT_CHALLENGE', { USERNAME: 'ada', ANSWER }, Session);
        await refused(select('SMS_OTP'), ...NOT_OFFERED);
        await refused(select('SOFTWARE_TOKEN_MFA'), ...NOT_OFFERED);
        await refused(answer('SELECT_CHALLENGE', { USERNAME: 'ada' }, Session), ...missing('ANSWER'));
        should(await select('EMAIL_OTP')).have.property('ChallengeName', 'EMAIL_OTP');
        await refused(select('EMAIL_OTP'), ...USED);
      });

      it('refuses answers out of order', async () => {
        const { Session } = await start({ USERNAME: 'olga' });
        await refused(answer('EMAIL_OTP', { USERNAME: 'olga', EMAIL_OTP_CODE: '12345678' }, Session), ...BOGUS);
        const { Session: emailed } = await prefer('olga', 'EMAIL_OTP');
        const code = practice.codeOf('olga');
        await refused(answer('SMS_OTP', { USERNAME: 'olga', SMS_OTP_CODE: code }, emailed), ...BOGUS);
        await refused(answer('SELECT_CHALLENGE', { USERNAME: 'olga', ANSWER: 'SMS_OTP' }, emailed), ...BOGUS);
      });

      it('gives three minutes for an answer', async () => {
        const chosen = await start({ USERNAME: 'olga' });
        const sent = await prefer('olga', 'EMAIL_OTP');
        const names = { USERNAME: 'olga', EMAIL_OTP_CODE: practice.codeOf('olga') };
        practice.local.clock.advance(3 * MINUTE);
        practice.sdk.config.systemClockOffset = practice.local.clock.now() - Date.now();
        await refused(answer('SELECT_CHALLENGE', { USERNAME: 'olga', ANSWER: 'SMS_OTP' }, chosen.Session), ...EXPIRED);
        await refused(answer('EMAIL_OTP', names, sent.Session), ...EXPIRED);
      });

      it('needs a username', () => refused(start({ USERNAME: '' }), ...missing('USERNAME')));

      describe('for a user who does not exist', () => {
        const strangers = Array.from({ length: 80 }, (_, index) => `nobody-${index}`);

        it('offers the same every time, and to some this, to some that', async () => {
          const offers = async () =>
            Promise.all(strangers.map(async (USERNAME) => (await start({ USERNAME })).AvailableChallenges));
          const first = await offers();
          should(await offers()).deepEqual(first);
          for (const offered of first) should(offered).containDeep(['PASSWORD', 'PASSWORD_SRP']);
          const all = first.flat();
          for (const factor of ['WEB_AUTHN', 'EMAIL_OTP', 'SMS_OTP']) should(all).containEql(factor);
        });

        it('refuses a password by the words for a wrong one', async () => {
          await refused(prefer('nobody', 'PASSWORD', { PASSWORD }), ...WRONG);
          await refused(choose('nobody', 'PASSWORD', { PASSWORD }), ...WRONG);
          const client = srp('nobody');
          const { ChallengeParameters } = await prefer('nobody', 'PASSWORD_SRP', { SRP_A: client.SRP_A });
          await refused(client.prove(ChallengeParameters!), ...WRONG);
        });

        it('sends no code and takes none', async () => {
          practice.local.outbox.clear();
          let asked = 0;
          for (const USERNAME of strangers) {
            const { ChallengeName, ChallengeParameters, Session } = await prefer(USERNAME, 'EMAIL_OTP');
            if (ChallengeName !== 'EMAIL_OTP') continue;
            asked += 1;
            should(ChallengeParameters!.CODE_DELIVERY_DESTINATION).match(/^[a-z]\*{3}@[a-z]\*{3}$/);
            await refused(answer('EMAIL_OTP', { USERNAME, EMAIL_OTP_CODE: '12345678' }, Session), ...CODE_WRONG);
          }
          should(asked).be.above(0);
          should(practice.local.outbox.messages).be.empty();
        });
      });
    });
  }

  it('takes the username, not an alias, in answers', async () => {
    const { Session, ChallengeParameters } = await practice.start('USER_AUTH', {
      USERNAME: 'ada@example.com',
      PREFERRED_CHALLENGE: 'EMAIL_OTP',
    });
    const EMAIL_OTP_CODE = practice.codeOf('ada');
    await refused(practice.answer('EMAIL_OTP', { USERNAME: 'ada@example.com', EMAIL_OTP_CODE }, Session), ...BOGUS);
    const USERNAME = ChallengeParameters!.USER_ID_FOR_SRP!;
    should((await practice.answer('EMAIL_OTP', { USERNAME, EMAIL_OTP_CODE }, Session)).AuthenticationResult).be.ok();
  });

  it('asks for SECRET_HASH in every step', async () => {
    const MISSING = 'Client practiceserverclient is configured with secret but SECRET_HASH was not received';
    await refused(practice.adminStart('USER_AUTH', { USERNAME: 'olga' }), 'NotAuthorizedException', MISSING);
    const SECRET_HASH = secretHash('olga');
    const { Session } = await practice.adminStart('USER_AUTH', { USERNAME: 'olga', SECRET_HASH });
    await refused(
      practice.adminAnswer('SELECT_CHALLENGE', { USERNAME: 'olga', ANSWER: 'SMS_OTP' }, Session),
      'NotAuthorizedException',
      MISSING,
    );
  });

  it('refuses a Session that no sign-up gave', async () => {
    const { Session } = await practice.start('USER_AUTH', { USERNAME: 'olga' });
    const start = new InitiateAuthCommand({
      ClientId: GATEWAY,
      AuthFlow: AuthFlowType.USER_AUTH,
      AuthParameters: { USERNAME: 'olga' },
      Session,
    });
    await refused(practice.sdk.send(start), ...BOGUS);
  });

  it('shows what the pool allows', async () => {
    const { UserPool } = await practice.sdk.send(new DescribeUserPoolCommand({ UserPoolId: POOL }));
    should(UserPool!.Policies!.SignInPolicy).deepEqual({
      AllowedFirstAuthFactors: ['PASSWORD', 'WEB_AUTHN', 'EMAIL_OTP', 'SMS_OTP'],
    });
  });

  it('is closed to other flows for a user without a password', async () => {
    await refused(practice.password('olga', ''), ...missing('PASSWORD'));
    await refused(practice.password('olga'), ...WRONG);
    await refused(practice.srp('olga'), ...WRONG);
  });

  it('opens them once the user has a password', async () => {
    practice.user('olga').setPassword(PASSWORD);
    should((await practice.password('olga')).AuthenticationResult).have.property('AccessToken');
  });
});

describe('choice-based sign-in, as the pool is set', () => {
  describe('without a sign-in policy', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        delete pool.signInPolicy;
        pool.users = pool.users.filter(({ username }) => username !== 'olga');
      }),
    );

    it('offers passwords alone', async () => {
      const { AvailableChallenges } = await practice.start('USER_AUTH', { USERNAME: 'ada' });
      should(AvailableChallenges).deepEqual(['PASSWORD', 'PASSWORD_SRP']);
    });
  });

  describe('with codes alone', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.signInPolicy = { allowedFirstAuthFactors: ['EMAIL_OTP'] };
      }),
    );

    it('offers no password', async () => {
      const { AvailableChallenges } = await practice.start('USER_AUTH', { USERNAME: 'ada' });
      should(AvailableChallenges).deepEqual(['EMAIL_OTP']);
    });
  });

  describe('with MFA for all', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        pool.mfaConfiguration = 'ON';
      }),
    );

    it('offers passwords alone', async () => {
      const { AvailableChallenges } = await practice.start('USER_AUTH', { USERNAME: 'ada' });
      should(AvailableChallenges).deepEqual(['PASSWORD', 'PASSWORD_SRP']);
    });

    it('goes on with MFA_SETUP', async () => {
      const names = { USERNAME: 'ada', PREFERRED_CHALLENGE: 'PASSWORD', PASSWORD };
      should(await practice.start('USER_AUTH', names)).have.property('ChallengeName', 'MFA_SETUP');
    });
  });

  describe('with a client that does not allow it', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        for (const client of pool.clients) client.explicitAuthFlows = ['ALLOW_USER_SRP_AUTH'];
      }),
    );

    it('is refused', () =>
      refused(
        practice.start('USER_AUTH', { USERNAME: 'ada' }),
        'InvalidParameterException',
        'USER_AUTH is not enabled for the client.',
      ));
  });

  describe('with a client that tells unknown users', () => {
    const practice = new Practice(() =>
      changedPool((pool) => {
        for (const client of pool.clients) client.preventUserExistenceErrors = 'LEGACY';
      }),
    );

    it('tells', () =>
      refused(practice.start('USER_AUTH', { USERNAME: 'nobody' }), 'UserNotFoundException', 'User does not exist.'));
  });
});
