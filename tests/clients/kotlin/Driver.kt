// Obeys commands on standard input, one JSON object a line, and answers with what came of each (tests/clients/driver.py).

import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.ExperimentalCoroutinesApi
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.json.JSONArray
import org.json.JSONObject
import switchboard.*

private val kept = mutableMapOf<String, String>()
private var seen = JSONArray()

private fun see(vararg what: Any?) {
    synchronized(kept) { seen.put(JSONArray(what)) }
}

private object Kept : Store {
    override fun get(key: String) = kept[key]
    override fun set(key: String, value: String?) {
        if (value == null) kept.remove(key) else kept[key] = value
    }
}

private object Sdk : VoiceSdk {
    override fun initialize(login: Login) = see("initialize", login.subscriberName)
    override fun relay(payload: String, payloadVersion: String) = see("relay", payload, payloadVersion)
    override fun dial(exophone: String) = see("dial", exophone)
    override fun answer() = see("answer")
    override fun hangUp() = see("hangUp")
    override fun stop() = see("stop")
}

private object Seen : Screen {
    override fun ring(call: Incoming) = see("ring", call.callUuid, call.callerName)
    override fun update(call: Incoming) = see("update", call.callUuid, call.callerName, call.message)
    override fun answered(callUuid: String) = see("answered", callUuid)
    override fun end(callUuid: String, reason: String) = see("end", callUuid, reason)
    override fun missed(caller: String, at: Long) = see("missed", caller, at)
    override fun loggedOut() = see("loggedOut")
}

@OptIn(ExperimentalCoroutinesApi::class)
private class App(options: JSONObject) {
    val api = Switchboard(
        options.getString("baseUrl"), options.getString("accountSid"), options.getString("deviceId"), Kept,
    )
    val phone = Phone(api, Sdk, Seen, Dispatchers.Default.limitedParallelism(1))
}

private fun JSONObject.text(name: String): String? = if (isNull(name)) null else getString(name)
private fun JSONObject.fields(name: String): Map<String, Any?> =
    optJSONObject(name)?.let { of -> of.keys().asSequence().associate { key -> key.toString() to of.get(key.toString()) } }.orEmpty()
private fun JSONObject.texts(name: String) = fields(name).mapValues { it.value.toString() }

private suspend fun App.obey(given: JSONObject): Any? = when (given.getString("do")) {
    "keep" -> Kept.set(given.getString("key"), given.getString("value"))
    "start" -> phone.start()
    "startedByPush" -> coroutineScope {
        launch { phone.start() }
        launch { phone.pushReceived(given.texts("data")) }
        Unit
    }
    "wait" -> delay(given.getLong("ms"))
    "login" -> phone.login(given.getString("user"), given.getString("password"))
    "loginWithIdToken" -> phone.loginWithIdToken(given.getString("token"))
    "logout" -> phone.logout()
    "pushToken" -> phone.pushTokenChanged(PushToken(given.texts("token").getValue("deviceToken")))
    "push" -> phone.pushReceived(given.texts("data"))
    "dial" -> phone.dial(given.getString("callee"), given.getString("message"))
    "answer" -> phone.answer()
    "decline" -> phone.decline()
    "initiated" -> phone.callInitiated(given.getString("session"))
    "ringing" -> phone.callRinging()
    "incoming" -> phone.callIncoming(given.getString("session"), given.getString("caller"))
    "established" -> phone.callEstablished()
    "ended" -> phone.callEnded(given.fields("cdr"))
    "missed" -> phone.callMissed(given.fields("cdr"))
    "authenticationFailure" -> phone.authenticationFailed(given.getString("type"), given.getString("message"))
    "report" -> given.getJSONObject("event").let { api.report(SdkEvent(it.getString("name"), sessionId = it.text("sessionId"))) }
    "flush" -> api.flush()
    "clearContext" -> api.clearContext()
    "contacts" -> JSONArray(api.contacts().map { JSONObject(mapOf("contacts" to it.contacts.map(Contact::number))) })
    "feedback" -> given.getJSONObject("feedback").let {
        val statistics = it.fields("statistics").ifEmpty { null }
        val issue = Issue.valueOf(it.getString("issue"))
        api.giveFeedback(Feedback(it.getString("callId"), it.getInt("rating"), issue, it.text("comment"), statistics))
    }
    "logs" -> api.sendLogs(
        given.getJSONArray("lines").let { lines -> List(lines.length(), lines::getJSONObject) }
            .map { LogLine(it.getString("message"), it.text("level"), it.text("tag"), it.getLong("time")) },
    )
    "calls" -> api.calls(given.text("cursor"), given.getInt("limit")).calls.let { calls ->
        val listed = calls.map { JSONObject(mapOf("push_ids" to it.pushIds, "other_party" to it.otherParty)) }
        JSONObject(mapOf("calls" to JSONArray(listed)))
    }
    else -> error("no such command: $given")
}

fun main(arguments: Array<String>) = runBlocking {
    val options = JSONObject(arguments[0])
    var app = App(options)
    for (line in generateSequence(::readlnOrNull)) {
        val given = JSONObject(line)
        val answer = JSONObject()
        try {
            val result = if (given.getString("do") == "restart") run { app = App(options) } else app.obey(given)
            answer.put("result", if (result == null || result == Unit) JSONObject.NULL else result)
        } catch (error: SwitchboardException) {
            val told = mapOf("status" to error.status, "code" to error.code, "field" to (error.field ?: JSONObject.NULL))
            answer.put("error", JSONObject(told))
        }
        synchronized(kept) {
            println(answer.put("seen", seen))
            System.out.flush()
            seen = JSONArray()
        }
    }
}
