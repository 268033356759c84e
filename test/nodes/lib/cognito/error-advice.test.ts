import should from 'should';
import { adviceFor } from '../../../../nodes/lib/cognito/error-advice';
import { CognitoAuthError, ownErrorCodes } from '../../../../nodes/lib/cognito/errors';

const answered = (code: string, message: string, clockOffset?: number) =>
  new CognitoAuthError(code, { message, httpStatusCode: 400, ...(clockOffset !== undefined && { clockOffset }) });

const hour = 3_600_000;

describe('advice about an error', () => {
  const cases: [code: string, message: string, advice: string][] = [
    ['NotAuthorizedException', 'Incorrect username or password.', 'NotAuthorizedException'],
    ['NotAuthorizedException', 'Password attempts exceeded', 'lockedOut'],
    [
      'NotAuthorizedException',
      'Temporary password has expired and must be reset by an administrator.',
      'temporaryPasswordExpired',
    ],
    ['NotAuthorizedException', 'User is disabled.', 'userDisabled'],
    [
      'NotAuthorizedException',
      'Client 1example is configured with secret but SECRET_HASH was not received',
      'wrongClientSecret',
    ],
    ['NotAuthorizedException', 'Unable to verify secret hash for client 1example', 'wrongClientSecret'],
    ['NotAuthorizedException', 'Invalid session for the user.', 'sessionExpired'],
    ['NotAuthorizedException', 'Invalid session for the user, session is expired.', 'sessionExpired'],
    ['NotAuthorizedException', 'Invalid session for the user, session can only be used once.', 'sessionExpired'],
    ['NotAuthorizedException', 'Invalid Refresh Token.', 'refreshTokenRefused'],
    ['NotAuthorizedException', 'Refresh Token has expired', 'refreshTokenRefused'],
    ['NotAuthorizedException', 'Refresh Token has been revoked', 'refreshTokenRefused'],
    ['NotAuthorizedException', 'Access Token has expired', 'accessTokenRefused'],
    ['NotAuthorizedException', 'Invalid Access Token', 'accessTokenRefused'],
    ['InvalidParameterException', 'USER_PASSWORD_AUTH flow not enabled for this client', 'authFlowNotEnabled'],
    ['InvalidParameterException', 'USER_SRP_AUTH is not enabled for the client.', 'authFlowNotEnabled'],
    ['InvalidParameterException', 'Auth flow not enabled for this client', 'authFlowNotEnabled'],
    ['InvalidParameterException', 'Initiate Auth method not supported.', 'authFlowNotEnabled'],
    ['InvalidParameterException', 'Missing required parameter USERNAME', 'parameterMissing'],
    ['InvalidParameterException', 'Invalid attributes given, name is missing', 'attributesInvalid'],
    [
      'InvalidParameterException',
      'Custom auth lambda trigger is not configured for the user pool.',
      'customAuthNotConfigured',
    ],
    ['InvalidParameterException', 'Software token has not been associated', 'secretNotGivenOut'],
    ['InvalidParameterException', 'User does not have delivery config set to turn on SMS_MFA', 'mfaNotReady'],
    ['InvalidParameterException', 'User does not have a phone_number set to turn on SMS MFA', 'mfaNotReady'],
    ['InvalidParameterException', 'User has not set up software token mfa', 'mfaNotReady'],
    ['InvalidParameterException', 'User has not verified software token mfa', 'mfaNotReady'],
    ['InvalidParameterException', 'SMS_MFA is not enabled for the user pool', 'mfaNotReady'],
    ['ResourceNotFoundException', 'User pool client 1example does not exist.', 'clientNotFound'],
    ['ResourceNotFoundException', 'User pool eu-west-1_AbCdEfGhI does not exist.', 'ResourceNotFoundException'],
    ['ResourceNotFoundException', 'Device does not exist.', 'deviceUnknown'],
    ['ExpiredCodeException', 'Your software token has already been used once.', 'codeUsed'],
    ['ExpiredCodeException', 'Invalid code provided, please request a code again.', 'ExpiredCodeException'],
    ['SoftwareTokenMFANotFoundException', 'Software Token MFA has not been enabled by the userPool', 'totpNotEnabled'],
    [
      'SoftwareTokenMFANotFoundException',
      'Software Token MFA does not exist for the user.',
      'SoftwareTokenMFANotFoundException',
    ],
    ['CodeMismatchException', 'Invalid code received for user', 'CodeMismatchException'],
    ['UserNotConfirmedException', 'User is not confirmed.', 'UserNotConfirmedException'],
    [
      'InvalidPasswordException',
      'Password did not conform with policy: Password not long enough',
      'InvalidPasswordException',
    ],
  ];
  for (const [code, message, advice] of cases) {
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
    should(adviceFor(answered('UserNotFoundException', 'User does not exist.', hour))).deepEqual([
      'UserNotFoundException',
    ]);
  });
});
