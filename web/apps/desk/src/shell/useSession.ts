/** Who is at the desk. One person per browser; the truth is the server's cookie. */
import { answer, api, setApiPerson, type Me } from "@jingwei/api";
import { computed, readonly, ref, watch } from "vue";
import { queryClient } from "../query";
import { PREFIX, remember } from "./remember";

const me = ref<Me | null>(null);
const training = ref(false);
let asked: Promise<void> | null = null;

/** Every request says for whom this window acts, and the windows beside it hear who logged in. */
const WHO = "person";
watch(me, (now) => { setApiPerson(now?.id ?? 0); if (now) remember(WHO, String(now.id)); }, { flush: "sync" });
/** `react` hears when somebody else logs in, or this person logs out, in another window of this browser. */
export function whenOthersLogIn(react: (other: boolean) => void): void {
  addEventListener("storage", (event) => { if (event.key === PREFIX + WHO && me.value && event.newValue !== String(me.value.id)) react(event.newValue !== null); });
}

export function loadSession(): Promise<void> {
  return (asked ??= answer(api.GET("/api/v1/session")).then((session) => { me.value = session.person; training.value = session.training; }).catch((error: unknown) => { asked = null; throw error; }));
}
export function forgetSession(): void {
  me.value = null;
  asked = null;
  remember("home", null);
  queryClient.clear();
}

export function useSession() {
  async function logIn(username: string, password: string) {
    await loadSession().catch(() => {}); // brings the CSRF cookie
    const session = await answer(api.POST("/api/v1/session", { body: { username, password } }));
    me.value = session.person;
    asked = Promise.resolve();
  }
  async function changePassword(old: string, fresh: string) {
    const session = await answer(api.POST("/api/v1/session/password", { body: { old, new: fresh } }));
    me.value = session.person;
  }
  async function logOut() {
    await answer(api.DELETE("/api/v1/session"));
    remember(WHO, null);
    forgetSession();
  }
  const scope = computed(() => {
    const areas = new Map((me.value?.grants ?? []).map((grant) => [grant.area, grant.area_name]));
    return [...areas].map(([code, name]) => ({ code, name }));
  });
  return { me: readonly(me), training: readonly(training), scope, logIn, logOut, changePassword };
}
