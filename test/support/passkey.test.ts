import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server';
import should from 'should';
import { Passkey } from './passkey';

/** Judged by @simplewebauthn/server, which is not ours. */
describe('the software authenticator of the tests', () => {
  const origin = 'http://localhost:1880';
  const rpId = 'localhost';

  const register = async (passkey: Passkey, asText = false) => {
    const options = await generateRegistrationOptions({ rpID: rpId, rpName: 'Test', userName: 'ada' });
    const verification = await verifyRegistrationResponse({
      response: passkey.create(asText ? JSON.stringify(options) : options),
      expectedChallenge: options.challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
    });
    return verification.registrationInfo!.credential;
  };
  const request = () => generateAuthenticationOptions({ rpID: rpId });
  const check = (response: ReturnType<Passkey['get']>, expectedChallenge: string, credential: WebAuthnCredential) =>
    verifyAuthenticationResponse({
      response,
      expectedChallenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      credential,
    });

  for (const asText of [false, true]) {
    it(`registers and signs, given options as ${asText ? 'text' : 'objects'}`, async () => {
      const passkey = new Passkey({ origin, rpId });
      const credential = await register(passkey, asText);
      should(credential).have.properties({ id: passkey.id, counter: 0 });
      const options = await request();
      const assertion = passkey.get(asText ? JSON.stringify(options) : options);
      const { verified, authenticationInfo } = await check(assertion, options.challenge, credential);
      should(verified).be.true();
      should(authenticationInfo).have.properties({ newCounter: 1, userVerified: true });
    });
  }

  it('is refused when what it signed is altered', async () => {
    const passkey = new Passkey({ origin, rpId });
    const credential = await register(passkey);
    const options = await request();
    const assertion = passkey.get(options);
    const data = Buffer.from(assertion.response.authenticatorData, 'base64url');
    data.writeUInt32BE(7, 33);
    assertion.response.authenticatorData = data.toString('base64url');
    should(await check(assertion, options.challenge, credential)).have.property('verified', false);
  });

  it('is refused with another key of the same name', async () => {
    const credential = await register(new Passkey({ origin, rpId }));
    const options = await request();
    const stranger = new Passkey({ origin, rpId }).get(options);
    should(await check(stranger, options.challenge, credential)).have.property('verified', false);
  });

  it('is refused at another origin, for another relying party, and for another challenge', async () => {
    const passkey = new Passkey({ origin, rpId });
    const credential = await register(passkey);
    const { challenge } = await request();
    const elsewhere = new Passkey({ origin: 'http://localhost:1', rpId }).get({ challenge });
    await should(check(elsewhere, challenge, credential)).be.rejectedWith(/origin/);
    const otherParty = new Passkey({ origin, rpId: 'example.com' }).get({ challenge });
    await should(check(otherParty, challenge, credential)).be.rejectedWith(/RP ID/);
    await should(check(passkey.get({ challenge: 'b3RoZXI' }), challenge, credential)).be.rejectedWith(/challenge/);
  });

  it('is refused without user verification where that is required, and with a counter set back', async () => {
    const passkey = new Passkey({ origin, rpId });
    const credential = await register(passkey);
    const { challenge } = await request();
    const unverified = new Passkey({ origin, rpId, verifiesUser: false }).get({ challenge });
    await should(check(unverified, challenge, credential)).be.rejectedWith(/verification/);
    await should(check(passkey.get({ challenge }), challenge, { ...credential, counter: 5 })).be.rejectedWith(
      /counter/,
    );
  });
});
