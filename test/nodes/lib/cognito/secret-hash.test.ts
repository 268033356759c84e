import { createHmac, randomBytes } from 'node:crypto';
import { createSecretHash } from 'cognito-srp-helper';
import should from 'should';
import { secretHash } from '../../../../nodes/lib/cognito/secret-hash';

describe('SECRET_HASH', () => {
  it('is what cognito-srp-helper computes', () => {
    for (const username of ['ada', 'ada@example.com', '山田太郎', '🙂', 'Zoe\u0308', ' ']) {
      const [clientId, secret] = [randomBytes(13).toString('hex'), randomBytes(26).toString('hex')];
      should(secretHash(secret, clientId, username)).equal(createSecretHash(username, clientId, secret));
    }
  });

  it('is the HMAC of the name followed by the client id', () => {
    const expected = createHmac('sha256', 'the secret').update('ada1example').digest('base64');
    should(secretHash('the secret', '1example', 'ada')).equal(expected);
  });
});
