import { refusals } from '@cognito-flows/local-cognito';
import should from 'should';
import { adviceFor } from '../../../../nodes/lib/cognito/error-advice';
import { CognitoAuthError, ownErrorCodes } from '../../../../nodes/lib/cognito/errors';

const answered = (code: string, message: string, clockOffset?: number) =>
  new CognitoAuthError(code, { message, httpStatusCode: 400, ...(clockOffset !== undefined && { clockOffset }) });

const hour = 3_600_000;

describe('advice about an error', () => {
  const cases: Partial<Record<keyof typeof refusals, string>> = {
    wrongPassword: 'NotAuthorizedException',
    passwordAttemptsExceeded: 'lockedOut',
    temporaryPasswordExpired: 'temporaryPasswordExpired',
    userDisabled: 'userDisabled',
    secretHashMissing: 'wrongClientSecret',
    secretHashWrong: 'wrongClientSecret',
    sessionBogus: 'sessionExpired',
    sessionExpired: 'sessionExpired',
    sessionUsed: 'sessionExpired',
    refreshTokenInvalid: 'refreshTokenRefused',
    refreshTokenExpired: 'refreshTokenRefused',
    refreshTokenRevoked: 'refreshTokenRefused',
    userPasswordAuthOff: 'authFlowNotEnabled',
    namedFlowOff: 'authFlowNotEnabled',
    flowOff: 'authFlowNotEnabled',
    flowOfOtherApi: 'authFlowNotEnabled',
    parameterMissing: 'parameterMissing',
    attributeMissing: 'attributesInvalid',
    clientNotFound: 'clientNotFound',
    poolNotFound: 'ResourceNotFoundException',
    totpUsed: 'codeUsed',
    totpWrong: 'CodeMismatchException',
    sentCodeWrong: 'CodeMismatchException',
    userNotConfirmed: 'UserNotConfirmedException',
    passwordResetRequired: 'PasswordResetRequiredException',
    passwordTooShort: 'InvalidPasswordException',
  };
  for (const [row, advice] of Object.entries(cases)) {
    const [code, message] = refusals[row as keyof typeof refusals];
    it(`about “${message}” is ${advice}`, () => {
      should(adviceFor(answered(code, message))).deepEqual([advice]);
    });
  }

  it('is about the code where the message tells nothing more', () => {
    should(adviceFor(answered('ExceptionOfTomorrow', 'Something new.'))).deepEqual(['ExceptionOfTomorrow']);
    for (const code of ownErrorCodes) should(adviceFor(new CognitoAuthError(code))).deepEqual([code]);
  });

  it('names the clock first where a wrong clock can be the cause', () => {
    const wrongCode = answered('CodeMismatchException', 'Invalid code received for user', hour);
    should(adviceFor(wrongCode)).deepEqual(['wrongClock', 'CodeMismatchException']);
    should(adviceFor(answered('InvalidSignatureException', 'Signature expired', -hour))).deepEqual([
      'wrongClock',
      'InvalidSignatureException',
    ]);
  });

  it('does not name a clock that is a little off, or where the clock does not matter', () => {
    should(adviceFor(answered('CodeMismatchException', 'Invalid code received for user', 20_000))).deepEqual([
      'CodeMismatchException',
    ]);
    should(adviceFor(answered('UserNotFoundException', 'User does not exist.', hour))).deepEqual(['UserNotFoundException']);
  });
});
