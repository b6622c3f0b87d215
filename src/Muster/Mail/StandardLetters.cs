namespace Muster.Mail;

/// <summary>The words of each letter where a workspace has none of its own.</summary>
public static class StandardLetters
{
    /// <summary>The standard words of a purpose.</summary>
    public static LetterWording Of(MessagePurpose purpose) =>
        purpose switch
        {
            MessagePurpose.PasswordReset => new(
                "Choose a new password for {workspace}",
                """
                Hello {first name},

                somebody, probably you, asked for a new password for {workspace}.

                Choose a new password:
                {link}

                The link works once and for a short time.

                If it was not you, you can ignore this message; your password stays as it is.
                """
            ),
            MessagePurpose.Enrolment => new(
                "You are enrolled in {courses}",
                """
                Hello {first name},

                you have been enrolled in {workspace}: {courses}.

                My courses:
                {link}

                Sign in to see when each course begins and to start it.

                You receive this message because an administrator enrolled you.
                """
            ),
            MessagePurpose.Approval => new(
                "Your approval is asked for: {action}, {users}",
                """
                Hello {first name},

                {asked by} wants to run “{action}” in {workspace}. {users} will change, and another administrator has to approve it first.

                Approve or refuse:
                {link}

                The page shows who was chosen and what would happen to each of them. Nobody is changed before somebody approves.

                You receive this message because you are one of the administrators who may approve this.
                """
            ),
            _ => new(
                "Your invitation to {workspace}",
                """
                Hello {first name},

                you are invited to join {workspace}. Accept the invitation to choose your password and get started.

                Accept invitation:
                {link}

                The link is meant for you alone, works once, and until {expires}.

                If you did not expect this invitation, you can ignore it; nothing happens unless you accept.
                """
            ),
        };
}
