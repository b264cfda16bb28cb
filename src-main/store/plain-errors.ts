/** @file Puts SQLite's errors into plain sentences at the store's edge, in one place for all its parts. */

type Method = (...parameters: unknown[]) => unknown;

/**
 * The same object, whose methods throw what `translate` makes of their errors.
 * @param part an object whose methods are called through the result only
 */
export function withPlainErrors<Part extends object>(part: Part, translate: (error: unknown) => Error): Part {
  const wrapped = new Map<PropertyKey, Method>();
  const wrap = (method: Method): Method => {
    return (...parameters) => {
      try {
        const result = method.apply(part, parameters);
        return result instanceof Promise ? result.catch((error: unknown) => Promise.reject(translate(error))) : result;
      } catch (error) {
        throw translate(error);
      }
    };
  };
  return new Proxy(part, {
    get: (target, name) => {
      const known = wrapped.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method = wrap(value as Method);
      wrapped.set(name, method);
      return method;
    },
  });
}
