// A change that a page asks the server for: what was read of it is read again, and a word says how it went.
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { fieldErrors } from './errorText.ts';
import { useNotify } from './useNotify.ts';

type Options<Out> = {
  /** The first words of the keys of what is read again. */
  touches: readonly string[];
  /** What is said when it worked. */
  done?: string;
  onDone?: (answer: Out) => void;
  /** Where wrong fields are shown; without it, or for any other error, a notification says it. */
  setErrors?: (errors: Record<string, string>) => void;
  /** Paths of the server by the names of the form's fields, where they differ. */
  names?: Record<string, string>;
};

/** The mutation; `mutate(input)` asks for the change. */
export function useChange<In = void, Out = unknown>(
  change: (input: In) => Promise<Out>,
  { touches, done, onDone, setErrors, names }: Options<Out>,
) {
  const client = useQueryClient();
  const notify = useNotify();
  return useMutation({
    mutationFn: change,
    onSuccess: (answer) => {
      if (done !== undefined) notify.done(done);
      onDone?.(answer);
    },
    onError: (error) => {
      const errors = fieldErrors(error, names);
      if (setErrors && Object.keys(errors).length > 0) setErrors(errors);
      else notify.error(error);
    },
    onSettled: () => Promise.all(touches.map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}
