import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

/** Lets what a handler threw reach the transport as it is: Nest would replace it with a text before the reply is made. */
@Catch()
export class ErrorReplyFilter implements ExceptionFilter {
  catch(thrown: unknown, _host: ArgumentsHost): Observable<never> {
    return throwError(() => thrown);
  }
}
