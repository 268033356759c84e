import { isStandardAttribute, isWritable } from '../attributes';
import { refuse } from '../exceptions';
import type { Parameters } from '../parameters';
import { checkPasswordPolicy } from '../protocol/password-policy';
import type { Progress, SignIn } from '../sign-in';
import type { Challenge } from './challenge';

const PREFIX = 'userAttributes.';

/** A temporary password is replaced, and required attributes that are still missing are given. */
export const newPasswordRequired: Challenge = {
  needs: ['NEW_PASSWORD'],
  begin: (_service, signIn) => ({
    parameters: {
      USER_ID_FOR_SRP: signIn.user.username,
      requiredAttributes: JSON.stringify(missingAttributes(signIn).map((name) => PREFIX + name)),
      userAttributes: JSON.stringify(
        Object.fromEntries(Object.entries(signIn.user.attributes).filter(([name]) => name !== 'sub')),
      ),
    },
    judge: (responses) => setNewPassword(signIn, responses),
  }),
};

function setNewPassword(signIn: SignIn, responses: Parameters): Progress {
  const { user, pool } = signIn;
  // Assumption: of several sign-ins with one temporary password the first to replace it wins; the message too.
  if (user.status !== 'FORCE_CHANGE_PASSWORD') throw refuse('sessionBogus');
  const password = responses.need('NEW_PASSWORD');
  checkPasswordPolicy(pool.passwordPolicy, password);
  const given = responses.startingWith(PREFIX);
  for (const [name] of given) checkWritable(signIn, name);
  const stillMissing = missingAttributes(signIn).find(
    (name) => !given.some(([key, value]) => key === name && value !== ''),
  );
  if (stillMissing !== undefined) throw refuse('attributeMissing', { name: stillMissing });
  for (const [name, value] of given) {
    user.attributes[name] = value;
    if (name === 'email' || name === 'phone_number') user.attributes[`${name}_verified`] = 'false';
  }
  user.setPassword(password);
  return 'new password';
}

function missingAttributes({ pool, user }: SignIn): string[] {
  return (pool.config.requiredAttributes ?? []).filter((name) => !user.attributes[name]);
}

function checkWritable({ pool, client, user }: SignIn, name: string): void {
  if (!isStandardAttribute(name) && !name.startsWith('custom:')) throw refuse('attributeUnknown', { name });
  if (!isWritable(name, client.writeAttributes)) throw refuse('attributeNotWritable');
  // API reference: "you can't modify a required attribute that already has a value".
  if (pool.config.requiredAttributes?.includes(name) && user.attributes[name])
    throw refuse('attributeAlreadyProvided', { name });
}
